/// `mekiki bench scale`: what more instances are worth, measured with index processes of their own
/// on one broker. Depends on `benchmarks.data`, `benchmarks.report`, `benchmarks.testbed`,
/// `benchmarks.simulate` and `benchmarks.plan`; starts the command line of the product and shares
/// no code with the index beyond its settings.
///
/// Start at {@link dev.mekiki.benchmarks.scale.ScaleCommand}.
@NullMarked
package dev.mekiki.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
