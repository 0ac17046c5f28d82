/// `mekiki generation`: builds another generation beside the active one, changes over to it, and
/// back. Depends on `launcher.command.options` and on `launcher.center`, which reads codes.
///
/// Start at {@link dev.mekiki.launcher.command.generations.GenerationCommand}.
@NullMarked
package dev.mekiki.launcher.command.generations;

import org.jspecify.annotations.NullMarked;
