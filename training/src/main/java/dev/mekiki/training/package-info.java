/// Training of networks toward hash centers, and what they are worth: labelled images,
/// augmentation, the loss, one run from images to a {@link dev.mekiki.encoding.bundle.Bundle}, and
/// mean average precision. Depends on `hashing` and `encoding`, whose preprocessing and network it
/// shares with serving.
///
/// Start at {@link dev.mekiki.training.TrainingRun}.
@NullMarked
package dev.mekiki.training;

import org.jspecify.annotations.NullMarked;
