/// Recognises records of `images` that are sent again, by id, bytes and timestamp, also where the
/// image was replaced or deleted since. Depends on `schemas`; placement and the search for copies
/// depend on it.
///
/// Start at {@link dev.mekiki.index.history.ImageHistory}.
@NullMarked
package dev.mekiki.index.history;

import org.jspecify.annotations.NullMarked;
