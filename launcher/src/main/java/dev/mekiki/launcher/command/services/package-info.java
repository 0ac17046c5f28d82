/// The commands that run a part of Mekiki or all of it: `demo`, `up`, `broker`, `encoder`, `index`,
/// `query`; and `config`, which lists their configuration. May use `command.options` and
/// `command.client`.
///
/// Start at {@link dev.mekiki.launcher.command.services.UpCommand}.
@NullMarked
package dev.mekiki.launcher.command.services;

import org.jspecify.annotations.NullMarked;
