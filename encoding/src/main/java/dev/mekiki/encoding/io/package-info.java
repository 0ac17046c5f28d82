/// Files: written atomically, and their SHA-256. Depends on the JDK alone; everything in `encoding`
/// and `training` may depend on it.
///
/// Start at {@link dev.mekiki.encoding.io.AtomicFile}.
@NullMarked
package dev.mekiki.encoding.io;

import org.jspecify.annotations.NullMarked;
