/// What the commands about centers read and write: the centers found for a similarity of classes,
/// and the codes that centers are fitted to, of image files or of a running cluster.
///
/// Start at {@link dev.mekiki.launcher.center.CentersFile} and {@link
/// dev.mekiki.launcher.center.ImageCodes}.
@NullMarked
package dev.mekiki.launcher.center;

import org.jspecify.annotations.NullMarked;
