/// Which partition hosts which bucket, where an image is stored, and which other partitions it must
/// be compared in so that matching is complete. Depends on `hashing.code` and `hashing.center`, and
/// on `Reach` of `hashing.match`.
///
/// Start at {@link dev.mekiki.hashing.routing.Routing}.
@NullMarked
package dev.mekiki.hashing.routing;

import org.jspecify.annotations.NullMarked;
