/// Lists of ints: by key, and plain. What indexes of the other packages are built from. Depends on
/// the JDK alone.
///
/// Start at {@link dev.mekiki.hashing.lists.KeyTable}.
@NullMarked
package dev.mekiki.hashing.lists;

import org.jspecify.annotations.NullMarked;
