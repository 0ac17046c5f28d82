/// The commands that make and measure a network: `train`, `refine`, `adapt`, `evaluate`, and the
/// options that they share. May use `command.options` and `command.centers`.
///
/// Start at {@link dev.mekiki.launcher.command.training.TrainCommand}.
@NullMarked
package dev.mekiki.launcher.command.training;

import org.jspecify.annotations.NullMarked;
