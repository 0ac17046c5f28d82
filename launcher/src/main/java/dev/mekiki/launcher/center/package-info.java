/// Files of centers and of what they are made from: the similarity of classes that a user supplies,
/// and the centers found for it.
///
/// Start at {@link dev.mekiki.launcher.center.SimilarityFile}.
@NullMarked
package dev.mekiki.launcher.center;

import org.jspecify.annotations.NullMarked;
