/// `mekiki bench scale --simulate`: the routing and the rule of the product over made-up codes, for
/// hundreds of partitions, without Kafka. Depends on `benchmarks.data`, `benchmarks.report`,
/// `benchmarks.testbed` and `hashing`.
///
/// Start at {@link dev.mekiki.benchmarks.simulate.ScaleSimulation}.
@NullMarked
package dev.mekiki.benchmarks.simulate;

import org.jspecify.annotations.NullMarked;
