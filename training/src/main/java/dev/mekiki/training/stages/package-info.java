/// The stages of a training and their settings: the classifier, the similarity of classes, the hash
/// network; from scratch, or on a backbone. Depends on `backbone`, `network` and the packages below
/// them.
///
/// Start at {@link dev.mekiki.training.stages.HashTraining}.
@NullMarked
package dev.mekiki.training.stages;

import org.jspecify.annotations.NullMarked;
