/// Directories: locks that processes share, temporary ones, and deleting whole trees. Depends on
/// the JDK alone; everything may depend on it.
///
/// Start at {@link dev.mekiki.files.DirectoryLock}.
@NullMarked
package dev.mekiki.files;

import org.jspecify.annotations.NullMarked;
