/// All services together on a real broker, held against brute force over the codes they made: in
/// one process, in several, through restarts and kill -9.
@NullMarked
package dev.mekiki.launcher.endtoend;

import org.jspecify.annotations.NullMarked;
