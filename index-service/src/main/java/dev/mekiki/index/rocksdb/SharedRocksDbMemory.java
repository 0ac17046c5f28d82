package dev.mekiki.index.rocksdb;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.Filter;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/// Gives every RocksDB of this process one block cache and one write-buffer manager that counts
/// against it, and tunes each for what is asked of it: single keys, of which an arrival's is mostly
/// not there, and reading everything in order.
///
/// Kafka Streams by itself gives each store of each task a cache of 50 MiB and three write buffers
/// of 16 MiB, which no operator can plan with; blocks of 4 KiB, no compression, universal
/// compaction, no write-ahead log, and filters that spare the last level, which holds nearly all.
///
/// Kafka Streams makes instances by name, so the shared parts are static; they live as long as the
/// process. Stores that are configured with the same size share one cache.
public final class SharedRocksDbMemory implements RocksDBConfigSetter {
  /// Key in the configuration of Kafka Streams: bytes of the cache, a {@link Long}.
  public static final String CACHE_BYTES = "mekiki.rocksdb.cache.bytes";

  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long DEFAULT_CACHE_BYTES = 128 * MIB;

  /// Three eighths of the cache may hold what is not flushed yet.
  private static final int WRITE_BUFFER_EIGHTHS = 3;

  private static final long STORE_WRITE_BUFFER_BYTES = 4 * MIB;
  private static final long BLOCK_BYTES = 16 * KIB;
  private static final int FILTER_BITS_PER_KEY = 10;

  static {
    org.rocksdb.RocksDB.loadLibrary();
  }

  private static final Filter FILTER = new BloomFilter(FILTER_BITS_PER_KEY);
  private static final Map<Long, Shared> SHARED = new ConcurrentHashMap<>();

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {
    static Shared of(long bytes) {
      Cache cache = new LRUCache(bytes);
      return new Shared(cache, new WriteBufferManager(bytes * WRITE_BUFFER_EIGHTHS / 8, cache));
    }
  }

  /// Bytes in the caches of this process, write buffers included.
  public static long cachedBytes() {
    return SHARED.values().stream().mapToLong(shared -> shared.cache().getUsage()).sum();
  }

  /// Bytes in the caches of this process that readers hold and nothing can push out.
  public static long pinnedBytes() {
    return SHARED.values().stream().mapToLong(shared -> shared.cache().getPinnedUsage()).sum();
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    long bytes =
        configs.get(CACHE_BYTES) instanceof Number number
            ? number.longValue()
            : DEFAULT_CACHE_BYTES;
    Shared shared = SHARED.computeIfAbsent(bytes, Shared::of);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(shared.cache());
    table.setBlockSize(BLOCK_BYTES);
    table.setFilterPolicy(FILTER);
    // In parts: the filter of a large table as one block would push everything else out.
    table.setIndexType(IndexType.kTwoLevelIndexSearch);
    table.setPartitionFilters(true);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setOptimizeFiltersForHits(false);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    options.setWriteBufferManager(shared.writeBuffers());
    options.setWriteBufferSize(STORE_WRITE_BUFFER_BYTES);
    options.setTableFormatConfig(table);
  }

  /// Nothing to close: cache and manager belong to the process, the rest to the store.
  @Override
  public void close(String storeName, Options options) {}
}
