/// The subcommands of `mekiki`, one class each, and what they share: exit codes, the shape of their
/// output, how failures are told. A command reads its arguments, calls one thing and prints.
///
/// Start at {@link dev.mekiki.launcher.command.MekikiCommand}.
@NullMarked
package dev.mekiki.launcher.command;

import org.jspecify.annotations.NullMarked;
