/// Tests of `mekiki generation`.
@NullMarked
package dev.mekiki.launcher.command.generations;

import org.jspecify.annotations.NullMarked;
