/// Placement, the first sub-topology: it keeps for each image id its last code and the partitions
/// that hold it, and turns each code into upserts for the home and replica partitions and
/// tombstones for those left. Depends on `index.metadata` and `index.record`.
///
/// Start at {@link dev.mekiki.index.placement.PlacementProcessor}.
@NullMarked
package dev.mekiki.index.placement;

import org.jspecify.annotations.NullMarked;
