/// The partition index, the second sub-topology: the state store that keeps a partition's
/// placements in RocksDB and their search structure beside it, the processor that matches each
/// arrival, and the reads that searches make of the store. Depends on `runtime.generation`,
/// `index.metadata`, `index.questions`, `index.record`, `index.standby`, `index.streamsinternals`
/// and `hashing`.
///
/// Start at {@link dev.mekiki.index.partition.PlacementStore}.
@NullMarked
package dev.mekiki.index.partition;

import org.jspecify.annotations.NullMarked;
