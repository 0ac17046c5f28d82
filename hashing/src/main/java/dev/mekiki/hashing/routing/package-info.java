/// Which partition hosts which bucket, and where copies of a placement must lie so that matching
/// within the replication radius is complete. Depends on `hashing.code` and `hashing.center`, and
/// on `Reach` of `hashing.match`.
///
/// Start at {@link dev.mekiki.hashing.routing.Routing}.
@NullMarked
package dev.mekiki.hashing.routing;

import org.jspecify.annotations.NullMarked;
