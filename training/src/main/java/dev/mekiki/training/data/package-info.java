/// Pictures to train with: labelled and unlabelled images in memory, CIFAR-100 and directories of
/// pictures, splits, wrong labels, and batches that are prepared ahead of time. Depends on no other
/// package of this module.
///
/// Start at {@link dev.mekiki.training.data.LabelledImages}.
@NullMarked
package dev.mekiki.training.data;

import org.jspecify.annotations.NullMarked;
