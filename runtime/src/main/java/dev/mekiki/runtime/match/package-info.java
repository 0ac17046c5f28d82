/// Match events as they are written to `matches`, whoever decides them. Depends on `schemas` and
/// `hashing`.
///
/// Start at {@link dev.mekiki.runtime.match.MatchEvents}.
@NullMarked
package dev.mekiki.runtime.match;

import org.jspecify.annotations.NullMarked;
