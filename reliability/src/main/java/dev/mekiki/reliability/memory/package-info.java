/// How much memory the processes of a cluster take, and whether it grows. Depends on `cluster`.
///
/// Start at {@link dev.mekiki.reliability.memory.MemoryWatch}.
@NullMarked
package dev.mekiki.reliability.memory;

import org.jspecify.annotations.NullMarked;
