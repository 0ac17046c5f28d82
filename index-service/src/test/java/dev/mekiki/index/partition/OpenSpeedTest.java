package dev.mekiki.index.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.World;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.schemas.v1.Placement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How fast a partition is restored and opened: few rows in the build, `-Dmekiki.rows=1000000` for
/// numbers. It prints them.
class OpenSpeedTest {
  private static final int ROWS = Integer.getInteger("mekiki.rows", 20_000);
  private static final int BATCH = 10_000;
  private static final int PARTITION = 0;

  private final Random random = new Random(1);
  private final World world = World.random(random, 100, 1);
  @TempDir private Path directory;

  @Test
  void reopenedPartitionHasEveryRow() {
    HostedPartitions hosted =
        new HostedPartitions(
            world.geometry(), FilterableKeys.NONE, new LeftOutRecords(new SimpleMeterRegistry()));
    long valueBytes = 0;
    long restoring = 0;
    try (OpenStore open = OpenStore.of(hosted, PARTITION, directory)) {
      for (int from = 0; from < ROWS; from += BATCH) {
        Map<String, Placement> batch = new HashMap<>();
        for (int row = from; row < Math.min(ROWS, from + BATCH); row++) {
          batch.put("set/%07d.jpg".formatted(row), placement(row));
        }
        valueBytes += batch.values().stream().mapToLong(Placement::getSerializedSize).sum();
        long start = System.nanoTime();
        open.restore(batch);
        restoring += System.nanoTime() - start;
      }
    }
    long start = System.nanoTime();
    try (OpenStore open = OpenStore.of(hosted, PARTITION, directory)) {
      long opening = System.nanoTime() - start;
      assertThat(open.store().images()).isEqualTo(ROWS);
      System.out.printf(
          "%d rows: %d bytes per value, %d bytes per row on disk; restored at %.0f rows/s, opened"
              + " at %.0f rows/s%n",
          ROWS, valueBytes / ROWS, diskBytes() / ROWS, rate(restoring), rate(opening));
    }
  }

  private Placement placement(int row) {
    HashCode code = world.nearCenter(random, 0.05);
    return world
        .placement(code, World.fingerprint(random), "content " + row, row)
        .setHomePartition(PARTITION)
        .build();
  }

  private static double rate(long nanos) {
    return ROWS / (nanos / 1e9);
  }

  private long diskBytes() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
