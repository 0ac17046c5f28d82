/// Exact search of a flat array, every code compared with every query: what the partition's
/// structure is measured against. Depends on `hashing.scan`.
///
/// Start at {@link dev.mekiki.benchmarks.flat.FlatScan}.
@NullMarked
package dev.mekiki.benchmarks.flat;

import org.jspecify.annotations.NullMarked;
