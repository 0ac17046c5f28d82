/// Exact search of a packed array of codes. Depends on nothing of ours.
///
/// Start at {@link dev.mekiki.hashing.scan.FlatScan}.
@NullMarked
package dev.mekiki.hashing.scan;

import org.jspecify.annotations.NullMarked;
