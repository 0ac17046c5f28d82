/// Tests of what the demo expects.
@NullMarked
package dev.mekiki.launcher.demo;

import org.jspecify.annotations.NullMarked;
