/// What surrounds the topology in a running instance: its settings for Kafka Streams, its state
/// directory, its answer to failures and its progress. Depends on `index.rocksdb`, `index.topology`
/// and `runtime`.
///
/// Start at {@link dev.mekiki.index.lifecycle.StreamsSettings}.
@NullMarked
package dev.mekiki.index.lifecycle;

import org.jspecify.annotations.NullMarked;
