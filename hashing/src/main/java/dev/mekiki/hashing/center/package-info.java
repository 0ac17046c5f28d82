/// Hash centers: the center table that cuts the code space into buckets and shells, the minimum
/// distance that centers can keep, and how they are found. Depends on `hashing.code`.
///
/// Start at {@link dev.mekiki.hashing.center.CenterTable}.
@NullMarked
package dev.mekiki.hashing.center;

import org.jspecify.annotations.NullMarked;
