package dev.mekiki.index.rocksdb;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/// Gives every RocksDB of this process one block cache and one write-buffer manager that counts
/// against it. By default each store of each task takes up to 50 MiB of cache and 48 MiB of buffers
/// of its own, which no operator can plan with.
///
/// Kafka Streams makes instances by name, so the shared parts are static; they live as long as the
/// process.
public final class SharedRocksDbMemory implements RocksDBConfigSetter {
  private static final long MIB = 1L << 20;

  /// All blocks, indexes, filters and write buffers of the process.
  private static final long TOTAL_BYTES = 128 * MIB;

  private static final long WRITE_BUFFER_BYTES = 48 * MIB;
  private static final long STORE_WRITE_BUFFER_BYTES = 4 * MIB;

  static {
    org.rocksdb.RocksDB.loadLibrary();
  }

  private static final Cache CACHE = new LRUCache(TOTAL_BYTES);
  private static final WriteBufferManager WRITE_BUFFERS =
      new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(STORE_WRITE_BUFFER_BYTES);
    options.setTableFormatConfig(table);
  }

  /// Nothing to close: cache and manager belong to the process, the rest to the store.
  @Override
  public void close(String storeName, Options options) {}
}
