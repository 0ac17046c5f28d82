/// Tests of what machines are planned.
@NullMarked
package dev.mekiki.benchmarks.plan;

import org.jspecify.annotations.NullMarked;
