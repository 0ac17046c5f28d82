/// Placement, the first sub-topology: it remembers for each image id what was last said of it and
/// which partitions were told, and turns each code into upserts for the home and replica partitions
/// and tombstones for those left. Depends on `runtime.generation` and `index.metadata`.
///
/// Start at {@link dev.mekiki.index.placement.PlacementProcessor}.
@NullMarked
package dev.mekiki.index.placement;

import org.jspecify.annotations.NullMarked;
