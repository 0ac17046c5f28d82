/// Placement, the first sub-topology: it keeps for each image id its last code, and turns each code
/// into an upsert for the home partition and a tombstone for the one that the image left. Depends
/// on `index.eras`, `index.expiry`, `index.groups`, `index.metadata`, `index.record` and
/// `index.streamsinternals`.
///
/// Start at {@link dev.mekiki.index.placement.PlacementProcessor}.
@NullMarked
package dev.mekiki.index.placement;

import org.jspecify.annotations.NullMarked;
