/// Eras: which generation reports the pairs of an image, as partitions learn it from the markers of
/// cuts. Depends on `index.record`.
///
/// Start at {@link dev.mekiki.index.eras.TaskEras}.
@NullMarked
package dev.mekiki.index.eras;

import org.jspecify.annotations.NullMarked;
