package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.linecorp.armeria.client.WebClient;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.IndexService;
import dev.mekiki.index.Logged;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Probes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records of any content on both topics that an index instance reads, among ordinary ones.
class PoisonRecordsIT {
  private static final int PARTITIONS = 4;
  private static final int POISON = 400;

  /// The broker counts a batch's overhead too.
  private static final int LARGEST = (1 << 20) - 256;

  @TempDir private Path directory;

  @Test
  @SuppressWarnings("try") // One instance is closed in the middle.
  void noRecordStopsAnInstanceAndOrdinaryOnesComeThrough() {
    long seed = Seeds.seed(PoisonRecordsIT.class);
    Random random = new Random(seed);
    World world = World.random(new Random(seed), 6, PARTITIONS);
    Workload workload = new Workload(world, seed, 200, 40, 3);
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "poison", world);
        Logged logged = new Logged("dev.mekiki.index.record")) {
      Path first = directory.resolve("first");
      try (IndexService service = cluster.start(first)) {
        cluster.awaitHosts(service.address());
        cluster.acceptAnyTimestamp();
        for (int round = 0; round < 4; round++) {
          poison(cluster, world, random, POISON / 4);
          cluster.write(workload.next(200));
        }
        cluster.checkMatches(workload);
        cluster.checkSearches(workload, 20);
        assertThat(leftOut(service, "image-codes")).isGreaterThan(POISON / 12.0);
        assertThat(leftOut(service, "code-placements")).isGreaterThan(POISON / 12.0);
        assertThat(leftOut(service, "probes")).isGreaterThan(POISON / 12.0);
        // Logged once for each kind of defect, whatever their number.
        assertThat(logged.lines()).hasSizeBetween(5, 60);

        // A standby reads the same records, and takes over.
        try (IndexService second = cluster.start(directory.resolve("second"))) {
          cluster.awaitHosts(service.address(), second.address());
          poison(cluster, world, random, POISON / 4);
          cluster.write(workload.next(100));
          cluster.checkMatches(workload);
          service.close();
          cluster.awaitHosts(second.address());
          cluster.checkSearches(workload, 20);
        }
      }
      // Opens what is on disk, then restores all from the topics.
      try (IndexService again = cluster.start(first)) {
        cluster.awaitHosts(again.address());
        cluster.checkSearches(workload, 20);
      }
      try (IndexService empty = cluster.start(directory.resolve("empty"))) {
        cluster.awaitHosts(empty.address());
        cluster.checkSearches(workload, 20);
        cluster.write(workload.next(100));
        cluster.checkMatches(workload);
      }
    }
  }

  private static double leftOut(IndexService service, String topic) {
    String metrics =
        WebClient.of("http://" + service.address()).blocking().get("/metrics").contentUtf8();
    return metrics
        .lines()
        .filter(line -> line.startsWith("mekiki_index_records_left_out_total{"))
        .filter(line -> line.contains("topic=\"" + topic + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static void poison(Cluster cluster, World world, Random random, int count) {
    List<String> topics =
        List.of(cluster.codesTopic(), cluster.placementsTopic(), cluster.probesTopic());
    for (String topic : topics) {
      cluster.write(
          new ProducerRecord<>(
              topic, random.nextInt(PARTITIONS), 0L, new byte[LARGEST], null, List.of()));
    }
    for (int i = 0; i < count; i++) {
      int number = random.nextInt(topics.size());
      int partitions = number == 0 ? Cluster.ID_PARTITIONS : PARTITIONS;
      cluster.write(
          new ProducerRecord<>(
              topics.get(number),
              random.nextInt(partitions),
              timestamp(random),
              key(random),
              switch (number) {
                case 0 -> code(world, random);
                case 1 -> placement(world, random);
                default -> probe(world, random);
              },
              headers(random)));
    }
    cluster.flush();
  }

  private static Long timestamp(Random random) {
    return List.of(0L, 1_000L, 1L << 40, 253_402_300_800_000L, Long.MAX_VALUE)
        .get(random.nextInt(5));
  }

  /// Never the key of an ordinary image.
  private static byte[] key(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextBoolean() ? new byte[0] : new byte[] {(byte) 0xFF};
      case 1 -> ("poison\uD800" + random.nextInt()).getBytes(StandardCharsets.UTF_16BE);
      case 2 -> "k".repeat(1025 + random.nextInt(4000)).getBytes(StandardCharsets.UTF_8);
      default -> ("poison " + random.nextInt(1000)).getBytes(StandardCharsets.UTF_8);
    };
  }

  private static List<Header> headers(Random random) {
    List<Header> headers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      headers.add(new RecordHeader("h".repeat(1 + random.nextInt(300)), bytes(random, 200)));
    }
    return headers;
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Beyond every limit of a text.
  private static String text() {
    return "ä\n\"\u0000".repeat(25_000);
  }

  private static Timestamp time(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Timestamp.newBuilder().setSeconds(253_402_300_800L).build();
      case 1 -> Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();
      case 2 -> Timestamp.newBuilder().setSeconds(Long.MIN_VALUE).build();
      default -> Timestamp.newBuilder().setNanos(-1 - random.nextInt(1000)).build();
    };
  }

  private static ByteString tooShort(Random random, int expected) {
    return ByteString.copyFrom(bytes(random, random.nextInt(expected)));
  }

  private static int outside(Random random, int limit) {
    return random.nextBoolean() ? -1 - random.nextInt(1000) : limit + random.nextInt(1000);
  }

  private static HashCode hash(World world, Random random) {
    return world.nearCenter(random, 0.2);
  }

  /// A value that is no code of this generation.
  private static byte @Nullable [] code(World world, Random random) {
    ImageCode.Builder code =
        World.image(hash(world, random), World.fingerprint(random), "poison", random.nextInt(99));
    switch (random.nextInt(13)) {
      case 0 -> {
        return bytes(random, random.nextInt(200));
      }
      case 1 -> {
        return random.nextBoolean() ? null : new byte[0];
      }
      case 2 -> code.setHashCode(tooShort(random, World.BITS / Byte.SIZE));
      case 3 -> code.setFingerprint(tooShort(random, 32));
      case 4 -> code.setSha256(tooShort(random, 32));
      case 5 -> code.setFingerprintQuality(outside(random, 101));
      case 6 -> code.setImageTime(time(random));
      case 7 -> code.setEncodedTime(time(random)).setExpireTime(time(random));
      case 8 -> code.putMetadata(text(), text()).putMetadata("colour", text());
      case 9 -> code.setNetwork(text()).setContentType(text());
      case 10 -> code.clearSource().setThumbnail(ByteString.copyFrom(bytes(random, 900_000)));
      case 11 -> code.getSourceBuilder().setTopic(text()).setOffset(-1);
      default -> code.setInstanceCode(ByteString.copyFrom(bytes(random, 900_000)));
    }
    return code.build().toByteArray();
  }

  /// A value that is no placement of this generation.
  private static byte @Nullable [] placement(World world, Random random) {
    Placement.Builder placement =
        world.placement(
            hash(world, random), World.fingerprint(random), "poison", random.nextInt(99));
    switch (random.nextInt(13)) {
      case 0 -> {
        return bytes(random, random.nextInt(200));
      }
      case 1 -> {
        return random.nextBoolean() ? null : new byte[0];
      }
      case 2 -> placement.setHashCode(tooShort(random, World.BITS / Byte.SIZE));
      case 3 -> placement.setFingerprint(tooShort(random, 32));
      case 4 -> placement.setSha256(tooShort(random, 32));
      case 5 -> placement.setFingerprintQuality(outside(random, 101));
      case 6 -> placement.setImageTime(time(random));
      case 7 -> placement.setPlacedTime(time(random)).setExpireTime(time(random));
      case 8 -> placement.setEncodedTime(time(random)).putFilterableMetadata("colour", text());
      case 9 -> placement.setCenter(outside(random, 6));
      case 10 -> placement.setHomePartition(outside(random, PARTITIONS));
      case 11 -> placement.setShell(outside(random, World.BITS + 1));
      default -> placement.getRevisionBuilder().setTopic(text()).setOffset(-1);
    }
    return placement.build().toByteArray();
  }

  /// A value that is no probe of this generation.
  private static byte @Nullable [] probe(World world, Random random) {
    byte @Nullable [] placement = placement(world, random);
    if (placement == null || random.nextInt(4) == 0) {
      return placement;
    }
    Probe.Builder probe =
        Probe.newBuilder()
            .setFrom(outside(random, PARTITIONS))
            .setSequence(-random.nextLong(1L << 40))
            .setSeen(random.nextLong());
    try {
      probe.setPlacement(Placement.parseFrom(placement));
    } catch (InvalidProtocolBufferException e) {
      probe.clearPlacement();
    }
    if (random.nextBoolean()) {
      probe.setImageId(ByteString.copyFromUtf8(text()));
    }
    return Probes.newBuilder().addProbes(probe).build().toByteArray();
  }
}
