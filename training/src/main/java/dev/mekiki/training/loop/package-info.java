/// The training loop: epochs, steps, learning rate, optimizer, device and progress of one stage.
/// Knows nothing of what is learnt. Depends on `checkpoints`.
///
/// Start at {@link dev.mekiki.training.loop.TrainingLoop}.
@NullMarked
package dev.mekiki.training.loop;

import org.jspecify.annotations.NullMarked;
