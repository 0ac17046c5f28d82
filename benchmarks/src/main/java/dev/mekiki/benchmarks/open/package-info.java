/// `mekiki bench open`: a partition's store restored from its topic and opened from disk. Depends
/// on `benchmarks.data`, `benchmarks.report`, `benchmarks.testbed` and the index service.
///
/// Start at {@link dev.mekiki.benchmarks.open.OpenMeasurement}.
@NullMarked
package dev.mekiki.benchmarks.open;

import org.jspecify.annotations.NullMarked;
