/// Tests of made-up landmarks.
@NullMarked
package dev.mekiki.benchmarks.landmarks;

import org.jspecify.annotations.NullMarked;
