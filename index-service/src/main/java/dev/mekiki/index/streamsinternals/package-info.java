/// All contact with Kafka Streams beyond its public contract. An upgrade of Kafka Streams may break
/// what is here, and only that; `StreamsInternalsTest` fails first. It rests on these:
///
/// - a store may hand its inner store a context of its own and register both under one restore
///   callback ({@link dev.mekiki.index.streamsinternals.RestoreHook});
/// - the processor of a read-only store may forward ({@link
///   dev.mekiki.index.streamsinternals.ReadOnlyStores});
/// - `KafkaStreams.start` opens every store on disk once on the calling thread ({@link
///   dev.mekiki.index.streamsinternals.StartupCheck});
/// - the offsets up to which a standby may read a source topic are looked up through the
///   application's admin client ({@link dev.mekiki.index.streamsinternals.StandbyOffsets}).
///
/// Depends on Kafka Streams alone.
@NullMarked
package dev.mekiki.index.streamsinternals;

import org.jspecify.annotations.NullMarked;
