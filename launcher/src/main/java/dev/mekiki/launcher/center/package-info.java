/// What the commands about centers read and write: the similarity of classes that a user supplies
/// and the centers found for it; and the codes that centers are fitted to, of image files or of a
/// running cluster.
///
/// Start at {@link dev.mekiki.launcher.center.SimilarityFile} and {@link
/// dev.mekiki.launcher.center.ImageCodes}.
@NullMarked
package dev.mekiki.launcher.center;

import org.jspecify.annotations.NullMarked;
