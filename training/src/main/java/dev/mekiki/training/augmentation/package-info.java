/// Augmentation: crops, mirror images, and edits as other people make them to copies of a picture.
/// Depends on `encoding` alone.
///
/// Start at {@link dev.mekiki.training.augmentation.AugmentedViews}.
@NullMarked
package dev.mekiki.training.augmentation;

import org.jspecify.annotations.NullMarked;
