/// Directories and files that processes share. Depends on the JDK alone; everything may depend on
/// it.
///
/// Start at {@link dev.mekiki.files.DirectoryLock}.
@NullMarked
package dev.mekiki.files;

import org.jspecify.annotations.NullMarked;
