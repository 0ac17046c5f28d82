/// `mekiki bench match`: what an arrival costs its home and the partitions that it probes, without
/// Kafka and RocksDB. Depends on `benchmarks.data`, `benchmarks.flat`, `benchmarks.report` and, for
/// the plot, on `training.report.writer`.
///
/// Start at {@link dev.mekiki.benchmarks.match.MatchMeasurement}.
@NullMarked
package dev.mekiki.benchmarks.match;

import org.jspecify.annotations.NullMarked;
