/// Tests of the command line: what it prints, how it fails, what it ends with.
@NullMarked
package dev.mekiki.launcher.command.policy;

import org.jspecify.annotations.NullMarked;
