/// Tests of made-up images.
@NullMarked
package dev.mekiki.benchmarks.data;

import org.jspecify.annotations.NullMarked;
