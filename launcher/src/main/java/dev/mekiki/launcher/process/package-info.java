/// The life of the process itself: what it logs and where, what it closes when it ends, and how it
/// waits for its end. May use the life cycle and failures of `runtime`.
@NullMarked
package dev.mekiki.launcher.process;

import org.jspecify.annotations.NullMarked;
