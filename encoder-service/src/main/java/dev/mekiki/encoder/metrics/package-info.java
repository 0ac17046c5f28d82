/// The encoder's meters. Depends on the kinds of dead letters in `record`; every other package may
/// depend on it.
@NullMarked
package dev.mekiki.encoder.metrics;

import org.jspecify.annotations.NullMarked;
