package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.index.partition.PlacementStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// Damages the files of stopped placement stores.
final class DamagedFiles {
  private DamagedFiles() {}

  /// Makes one value of each store something that is no placement.
  static void overwriteOneValue(Path state) throws IOException, RocksDBException {
    RocksDB.loadLibrary();
    for (Path store : stores(state)) {
      List<ColumnFamilyDescriptor> families = new ArrayList<>();
      try (Options options = new Options()) {
        for (byte[] family : RocksDB.listColumnFamilies(options, store.toString())) {
          families.add(new ColumnFamilyDescriptor(family));
        }
      }
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      try (DBOptions options = new DBOptions();
          RocksDB db = RocksDB.open(options, store.toString(), families, handles)) {
        ColumnFamilyHandle data = handles.getFirst();
        try (RocksIterator iterator = db.newIterator(data)) {
          iterator.seekToFirst();
          if (iterator.isValid()) {
            db.put(data, iterator.key(), "damaged".getBytes(StandardCharsets.UTF_8));
          }
        }
        handles.forEach(ColumnFamilyHandle::close);
      }
    }
  }

  /// Cuts every table file of each store of placements in half.
  static void truncateTables(Path state) throws IOException {
    truncateTables(stores(state));
  }

  /// Cuts every table file of the stores of that name in half.
  static void truncateTables(Path state, String name) throws IOException {
    truncateTables(stores(state, name));
  }

  private static void truncateTables(List<Path> stores) throws IOException {
    int cut = 0;
    for (Path store : stores) {
      try (Stream<Path> files = Files.list(store)) {
        for (Path table : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
          try (var channel = Files.newByteChannel(table, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
            cut++;
          }
        }
      }
    }
    assertThat(cut).isPositive();
  }

  private static List<Path> stores(Path state) throws IOException {
    return stores(state, PlacementStore.NAME);
  }

  private static List<Path> stores(Path state, String name) throws IOException {
    try (Stream<Path> all = Files.walk(state)) {
      List<Path> stores =
          all.filter(Files::isDirectory)
              .filter(path -> path.endsWith(Path.of("rocksdb", name)))
              .toList();
      assertThat(stores).isNotEmpty();
      return stores;
    }
  }
}
