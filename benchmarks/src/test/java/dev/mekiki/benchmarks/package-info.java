/// Tests of the benchmarks.
@NullMarked
package dev.mekiki.benchmarks;

import org.jspecify.annotations.NullMarked;
