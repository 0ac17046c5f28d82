/// Hash codes, their distance and their text and byte forms. Everything else in `hashing` builds on
/// this package; it depends on the JDK alone.
///
/// Start at {@link dev.mekiki.hashing.code.HashCode}.
@NullMarked
package dev.mekiki.hashing.code;

import org.jspecify.annotations.NullMarked;
