/// Flood control: a picture that matches too often is put into quarantine, where it makes no events
/// but a summary now and then. One {@link dev.mekiki.index.flood.FloodControl} for each partition.
/// Depends on `schemas`, `runtime.match` and `hashing`; the partition index depends on it.
@NullMarked
package dev.mekiki.index.flood;

import org.jspecify.annotations.NullMarked;
