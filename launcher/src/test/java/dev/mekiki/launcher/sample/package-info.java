/// Tests of the demo's pictures.
@NullMarked
package dev.mekiki.launcher.sample;

import org.jspecify.annotations.NullMarked;
