package dev.mekiki.index.partition;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The reader against the full parser.
class RowReaderTest {
  private static final int PARTITION = 2;
  private static final int PARTITIONS = 4;
  private static final int CENTERS = 3;
  private static final FilterableKeys FILTERABLE = FilterableKeys.of(List.of("colour", "größe"));

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 64, 72, 128, 256})
  void readsWhatTheFullParserReads(int bits) throws DefectiveRecordException {
    Random random = new Random(Seeds.seed(RowReaderTest.class));
    RowReader reader = new RowReader(geometry(bits), PARTITION, FILTERABLE);
    for (int i = 0; i < 2_000; i++) {
      Placement placement = placement(random, bits);
      PlacementRows.check(placement, geometry(bits));
      byte[] value = row(placement, random);
      assertThat(reader.row("id", value)).isEqualTo(PlacementRows.row("id", placement, FILTERABLE));
      assertThat(StoredRow.parse(value, geometry(bits), PARTITION).placement())
          .isEqualTo(placement);
    }
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void refusesWhatLiesOutOfRange(Consumer<Placement.Builder> change) {
    RowReader reader = new RowReader(geometry(World.BITS), PARTITION, FILTERABLE);
    Placement.Builder placement = placement(new Random(1), World.BITS).toBuilder();
    change.accept(placement);

    assertThat(read(reader, row(placement.build(), new Random(2)))).isEmpty();
  }

  static Stream<Consumer<Placement.Builder>> outOfRange() {
    return Stream.of(
        placement -> placement.setCenter(CENTERS),
        placement -> placement.setCenter(-1),
        placement -> placement.setTenant("x".repeat(129)),
        placement -> placement.setTenant("a\nb"),
        placement -> placement.setImageSource("x".repeat(129)),
        placement -> placement.setImageSource("a\u007fb"),
        placement -> placement.setShell(World.BITS + 1),
        placement -> placement.setShell(-1),
        placement -> placement.setHomePartition(PARTITIONS),
        placement -> placement.setHomePartition(PARTITION - 1),
        placement -> placement.setHomePartition(Integer.MIN_VALUE),
        placement -> placement.getImageTimeBuilder().setSeconds(253_402_300_800L),
        placement -> placement.getEncodedTimeBuilder().setSeconds(Long.MIN_VALUE),
        placement -> placement.getPlacedTimeBuilder().setNanos(1_000_000_000),
        placement -> placement.getExpireTimeBuilder().setNanos(-1),
        placement -> placement.getRenewedTimeBuilder().setSeconds(253_402_300_800L),
        placement -> placement.getRevisionBuilder().setTopic("t".repeat(250)),
        placement -> placement.getRevisionBuilder().setPartition(-1),
        placement -> placement.getRevisionBuilder().setOffset(-1));
  }

  @Test
  void refusesWhatTheFullParserRefuses() {
    Random random = new Random(Seeds.seed(RowReaderTest.class));
    RowReader reader = new RowReader(geometry(World.BITS), PARTITION, FILTERABLE);
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] value = damaged(row(placement(random, World.BITS), random), random);
      Optional<IndexedImage> expected = parsed(value);
      assertThat(read(reader, value)).isEqualTo(expected);
      refused += expected.isEmpty() ? 1 : 0;
    }
    assertThat(refused).isBetween(10_000, 90_000);
  }

  private static GenerationGeometry geometry(int bits) {
    List<HashCode> centers = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int center = 0; center < CENTERS; center++) {
      byte[] code = new byte[bits / Byte.SIZE];
      code[0] = (byte) (1 << center);
      centers.add(HashCode.fromBytes(code));
      labels.add("class " + center);
    }
    return new GenerationGeometry(
        "generation",
        World.NETWORK,
        new Routing(new CenterTable(bits, centers, labels), PARTITIONS, List.of(0, 1, 2)));
  }

  private static Optional<IndexedImage> read(RowReader reader, byte[] value) {
    try {
      return Optional.of(reader.row("id", value));
    } catch (DefectiveRecordException e) {
      return Optional.empty();
    }
  }

  private static Optional<IndexedImage> parsed(byte[] value) {
    try {
      StoredRow row = StoredRow.parse(value, geometry(World.BITS), PARTITION);
      return Optional.of(PlacementRows.row("id", row.placement(), FILTERABLE));
    } catch (DefectiveRecordException e) {
      return Optional.empty();
    }
  }

  /// Some bytes others, cut short, or with another row's fields behind.
  private static byte[] damaged(byte[] value, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> java.util.Arrays.copyOf(value, random.nextInt(value.length + 1));
      case 1 -> {
        byte[] more = row(placement(random, World.BITS), random);
        int from = random.nextInt(more.length + 1);
        yield ByteString.copyFrom(value)
            .concat(ByteString.copyFrom(more, from, more.length - from))
            .toByteArray();
      }
      default -> {
        byte[] damaged = value.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
          int at = random.nextInt(random.nextBoolean() ? 40 : damaged.length);
          damaged[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : damaged[at] ^ 1 << i);
        }
        yield damaged;
      }
    };
  }

  private static byte[] row(Placement placement, Random random) {
    long sequence = random.nextBoolean() ? 0 : random.nextLong() >>> random.nextInt(1, Long.SIZE);
    return StoredRow.bytes(placement.toByteArray(), sequence);
  }

  private static Placement placement(Random random, int bits) {
    Placement.Builder placement =
        World.random(new Random(1), 2, 2)
            .placement(
                HashCode.of(World.BITS, random.nextLong()),
                World.fingerprint(random),
                "content",
                random.nextLong(1L << 40))
            .setHashCode(bytes(random, bits))
            .setCenter(random.nextInt(CENTERS))
            .setShell(random.nextInt(bits + 1))
            .setHomePartition(PARTITION)
            .setFingerprint(bytes(random, Fingerprint.BITS))
            .setFingerprintQuality(random.nextInt(101))
            .setMute(random.nextBoolean());
    for (String key : List.of("colour", "größe", "note", "")) {
      if (random.nextInt(3) == 0) {
        placement.putFilterableMetadata(
            key, List.of("", "blue", "grün", "x".repeat(300)).get(random.nextInt(4)));
      }
    }
    String name = List.of("", "shop", "läden", "x".repeat(128)).get(random.nextInt(4));
    switch (random.nextInt(6)) {
      case 0 -> placement.setTenant(name);
      case 1 -> placement.setImageSource(name);
      case 2 ->
          placement.setTenant(name).setImageSource(name).setExpireTime(placement.getImageTime());
      case 3 -> placement.putEventMetadata("price", name).putEventMetadata("note", "größe");
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      placement.getExpireTimeBuilder().setSeconds(random.nextLong(1L << 35));
    }
    if (random.nextInt(3) == 0) {
      placement.getRenewedTimeBuilder().setSeconds(random.nextLong(1L << 35)).setNanos(5);
    }
    switch (random.nextInt(6)) {
      case 0 -> placement.clearRevision();
      case 2 ->
          placement
              .getRevisionBuilder()
              .setTopic("bilder-ä")
              .setPartition(random.nextInt() >>> random.nextInt(1, Integer.SIZE));
      case 3 -> placement.getImageTimeBuilder().setSeconds(-random.nextLong(1L << 35));
      case 4 -> placement.clearPlacedTime();
      default -> {}
    }
    return placement.build();
  }

  private static ByteString bytes(Random random, int bits) {
    byte[] bytes = new byte[bits / Byte.SIZE];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
