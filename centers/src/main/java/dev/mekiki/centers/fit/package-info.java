/// Centers that follow codes rather than classes: a table fitted to where the codes of a stream
/// lie, and one more center for a new class, both at a distance from all others. No network is
/// retrained and no code changes. Depends on `hashing` and `centers`.
///
/// Start at {@link dev.mekiki.centers.fit.CenterFit} and {@link
/// dev.mekiki.centers.fit.AddedCenter}.
@NullMarked
package dev.mekiki.centers.fit;

import org.jspecify.annotations.NullMarked;
