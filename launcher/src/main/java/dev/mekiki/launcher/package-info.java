/// The `mekiki` command: its subcommands in `command`, all services in one process in `allinone`,
/// the demo in `demo`. May depend on every other module; none depends on it.
///
/// Start at {@link dev.mekiki.launcher.Main}.
@NullMarked
package dev.mekiki.launcher;

import org.jspecify.annotations.NullMarked;
