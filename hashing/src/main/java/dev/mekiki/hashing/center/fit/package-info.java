/// Centers that follow codes rather than classes: a table fitted to where the codes of a stream
/// lie, and one more center for a new class, both at a distance from all others. No network is
/// trained anew and no code changes. Depends on `hashing.code` and `hashing.center`.
///
/// Start at {@link dev.mekiki.hashing.center.fit.CenterFit} and {@link
/// dev.mekiki.hashing.center.fit.AddedCenter}.
@NullMarked
package dev.mekiki.hashing.center.fit;

import org.jspecify.annotations.NullMarked;
