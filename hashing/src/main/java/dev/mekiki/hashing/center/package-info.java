/// Hash centers: the center table that cuts the code space into buckets and shells, the distances
/// of a code to all of them, and lower bounds of distances within a bucket. Depends on
/// `hashing.code`.
///
/// Start at {@link dev.mekiki.hashing.center.CenterTable}.
@NullMarked
package dev.mekiki.hashing.center;

import org.jspecify.annotations.NullMarked;
