/// Typed configuration in one place: the groups of keys that services share, how values are
/// written, and the loader that reads flags, a file and the environment, refuses unknown keys and
/// reports all problems at once. A service adds its own group as a SmallRye `@ConfigMapping`
/// interface with the prefix `mekiki`. Defaults stand on those interfaces and nowhere else.
///
/// Start at {@link dev.mekiki.runtime.config.Configuration}.
@NullMarked
package dev.mekiki.runtime.config;

import org.jspecify.annotations.NullMarked;
