/// Lays two pictures over each other and measures where they agree: the check behind DUPLICATE by
/// alignment. Depends on OpenCV and on `hashing.landmark`.
///
/// Start at {@link dev.mekiki.encoding.align.Aligner}.
@NullMarked
package dev.mekiki.encoding.align;

import org.jspecify.annotations.NullMarked;
