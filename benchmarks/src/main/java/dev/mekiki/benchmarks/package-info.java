/// `mekiki bench`: measures search, match detection, the path through Kafka and the opening of
/// stores, with what each number needs to be believed: a baseline in the same run and a comparison
/// with brute force. Depends on the services it measures; the launcher puts it on the command line.
///
/// Start at {@link dev.mekiki.benchmarks.BenchCommand}.
@NullMarked
package dev.mekiki.benchmarks;

import org.jspecify.annotations.NullMarked;
