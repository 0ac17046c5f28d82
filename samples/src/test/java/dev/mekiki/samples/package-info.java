/// Tests of the demo's pictures.
@NullMarked
package dev.mekiki.samples;

import org.jspecify.annotations.NullMarked;
