/// What benchmarks of services run on: an embedded broker in a directory of its own, a made-up
/// generation, images as records, and who used the CPU. Depends on `benchmarks.data`, the broker,
/// `runtime` and `schemas`.
///
/// Start at {@link dev.mekiki.benchmarks.testbed.Testbed}.
@NullMarked
package dev.mekiki.benchmarks.testbed;

import org.jspecify.annotations.NullMarked;
