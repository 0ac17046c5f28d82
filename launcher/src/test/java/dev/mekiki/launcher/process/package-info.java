/// Tests of the life of the process.
@NullMarked
package dev.mekiki.launcher.process;

import org.jspecify.annotations.NullMarked;
