/// How benchmarks report what they measured: JSON, a table, progress and percentiles. Depends on
/// nothing of ours.
///
/// Start at {@link dev.mekiki.benchmarks.report.Output}.
@NullMarked
package dev.mekiki.benchmarks.report;

import org.jspecify.annotations.NullMarked;
