/// Whether the one role that runs in this container can do its work. A program of its own beside
/// the command: a container runs it every few seconds, so it loads nothing that it can do without.
/// Depends on the JDK alone.
@NullMarked
package dev.mekiki.launcher.health;

import org.jspecify.annotations.NullMarked;
