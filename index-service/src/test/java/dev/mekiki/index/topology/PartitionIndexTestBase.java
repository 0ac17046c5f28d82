package dev.mekiki.index.topology;

import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.index.partition.MatchSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A partition index for each test, closed after it.
abstract class PartitionIndexTestBase {
  @TempDir private Path directory;
  PartitionIndexDriver index;

  @BeforeEach
  void open() {
    index = new PartitionIndexDriver(TopologyFixture.matching(), directory);
  }

  @AfterEach
  void close() {
    index.close();
  }

  /// One that leaves out pairs.
  void reopen(MatchSettings matching, PairFilter filter) {
    index.close();
    index = new PartitionIndexDriver(matching, filter, directory);
  }

  /// The same files under other settings.
  void reopen(MatchSettings matching) {
    index.close();
    index = new PartitionIndexDriver(matching, directory);
  }
}
