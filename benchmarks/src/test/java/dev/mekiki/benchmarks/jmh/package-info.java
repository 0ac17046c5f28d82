/// JMH benchmarks of kernels. Depends on `hashing`.
///
/// Start at {@link dev.mekiki.benchmarks.jmh.HammingScanBenchmark}.
@NullMarked
package dev.mekiki.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
