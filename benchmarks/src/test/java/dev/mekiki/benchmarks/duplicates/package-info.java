/// Tests of drawn pictures.
@NullMarked
package dev.mekiki.benchmarks.duplicates;

import org.jspecify.annotations.NullMarked;
