/// One record of `images`: what it says ({@link dev.mekiki.encoder.record.ArrivalReader}) and what
/// became of it ({@link dev.mekiki.encoder.record.Work}). All text taken from a record is bounded
/// here. Depends on `schemas`; every other package of the encoder may depend on it.
@NullMarked
package dev.mekiki.encoder.record;

import org.jspecify.annotations.NullMarked;
