/// Checkpoints of a training: their file format, and where the checkpoint of each stage is kept.
/// Depends on no other package of this module.
///
/// Start at {@link dev.mekiki.training.checkpoints.Checkpoint}.
@NullMarked
package dev.mekiki.training.checkpoints;

import org.jspecify.annotations.NullMarked;
