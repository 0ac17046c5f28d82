/// The commands about dead letters: listing them, sending them again, and hiding them for good.
/// They speak to Kafka directly; the work is done by {@link dev.mekiki.runtime.deadletter}.
///
/// Start at {@link dev.mekiki.launcher.command.deadletters.DlqCommand}.
@NullMarked
package dev.mekiki.launcher.command.deadletters;

import org.jspecify.annotations.NullMarked;
