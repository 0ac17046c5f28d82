/// What commands share: options that several take, exit codes, and how results are printed. Depends
/// on no other package of commands.
///
/// Start at {@link dev.mekiki.launcher.command.options.GlobalOptions}.
@NullMarked
package dev.mekiki.launcher.command.options;

import org.jspecify.annotations.NullMarked;
