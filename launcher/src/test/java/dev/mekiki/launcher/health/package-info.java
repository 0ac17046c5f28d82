/// The health check against real servers.
@NullMarked
package dev.mekiki.launcher.health;

import org.jspecify.annotations.NullMarked;
