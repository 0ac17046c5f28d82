/// The commands about what people decide: `mute`, `review`, `tenant` and `rematch`. They talk to a
/// running query service, as those of `command.client` do. May use `command.options`, the option of
/// the server in `command.client`, and `launcher.review`.
///
/// Start at {@link dev.mekiki.launcher.command.policy.ReviewCommand}.
@NullMarked
package dev.mekiki.launcher.command.policy;

import org.jspecify.annotations.NullMarked;
