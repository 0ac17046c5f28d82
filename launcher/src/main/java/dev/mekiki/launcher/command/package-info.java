/// The root of the command line: names the subcommands, and turns a failure into a message and an
/// exit code. The subcommands lie in `services`, `client`, `policy`, `training` and `centers`, what
/// they share in `options`. A command reads its options, calls one thing and prints.
///
/// Start at {@link dev.mekiki.launcher.command.MekikiCommand}.
@NullMarked
package dev.mekiki.launcher.command;

import org.jspecify.annotations.NullMarked;
