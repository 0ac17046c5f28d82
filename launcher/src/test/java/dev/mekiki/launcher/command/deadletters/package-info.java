/// Tests.
@NullMarked
package dev.mekiki.launcher.command.deadletters;

import org.jspecify.annotations.NullMarked;
