/// What partitions of every kind need to probe each other: how far each has come, and probes on
/// their way. The rule they follow is {@link dev.mekiki.hashing.match.MatchRule}. Depends on Kafka
/// Streams alone.
///
/// Start at {@link dev.mekiki.index.probe.ProbeProgress}.
@NullMarked
package dev.mekiki.index.probe;

import org.jspecify.annotations.NullMarked;
