/// The commands that find hash centers: `centers`, `centers fit`, `centers add`. May use
/// `command.options`.
///
/// Start at {@link dev.mekiki.launcher.command.centers.CentersCommand}.
@NullMarked
package dev.mekiki.launcher.command.centers;

import org.jspecify.annotations.NullMarked;
