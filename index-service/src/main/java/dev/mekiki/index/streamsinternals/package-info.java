/// All contact with Kafka Streams beyond its public contract. An upgrade of Kafka Streams may break
/// what is here, and only that; `StreamsInternalsTest` fails first. It rests on these:
///
/// - a store may hand its inner store a context of its own and register both under one restore
///   callback ({@link dev.mekiki.index.streamsinternals.RestoreHook});
/// - before a commit a task flushes the caches of its stores, and a store may forward records then
///   ({@link dev.mekiki.index.streamsinternals.BeforeCommit});
/// - `KafkaStreams.start` opens every store on disk once on the calling thread ({@link
///   dev.mekiki.index.streamsinternals.StartupCheck});
/// - a thread whose producer says that it is fenced closes all its tasks, makes another producer
///   and goes on at what was committed ({@link
///   dev.mekiki.index.streamsinternals.WholeTransactions}).
///
/// Depends on Kafka Streams alone.
@NullMarked
package dev.mekiki.index.streamsinternals;

import org.jspecify.annotations.NullMarked;
