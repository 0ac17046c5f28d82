/// Memory of RocksDB, bounded once for the whole process. Depends on Kafka Streams, RocksDB and
/// Micrometer alone.
///
/// Start at {@link dev.mekiki.index.rocksdb.SharedRocksDbMemory}.
@NullMarked
package dev.mekiki.index.rocksdb;

import org.jspecify.annotations.NullMarked;
