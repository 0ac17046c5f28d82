/// `mekiki bench search`: k-NN and radius search of one partition's structure, beside flat scans of
/// the same codes and what the memory gives. Depends on `benchmarks.data`, `benchmarks.flat` and
/// `benchmarks.report`.
///
/// Start at {@link dev.mekiki.benchmarks.search.SearchMeasurement}.
@NullMarked
package dev.mekiki.benchmarks.search;

import org.jspecify.annotations.NullMarked;
