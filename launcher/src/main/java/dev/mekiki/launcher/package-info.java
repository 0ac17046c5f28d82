/// The `mekiki` command: one class for each of its subcommands in `command`, all services in one
/// process in `allinone`, the demo and its pictures in `demo` and `sample`. May depend on every
/// other module; none depends on it.
///
/// Start at {@link dev.mekiki.launcher.Main}.
@NullMarked
package dev.mekiki.launcher;

import org.jspecify.annotations.NullMarked;
