package dev.mekiki.launcher.endtoend;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Probes;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Seeded random records that no service has written: bytes at random, damaged copies of real
/// records, and well-formed records whose fields make no sense. Their keys never name an image of a
/// test, so they may cost nothing but themselves. The same seed makes the same ones. Not
/// thread-safe.
public final class PoisonRecords {
  /// What every key starts with that is not empty.
  public static final String KEY_PREFIX = "poison/";

  /// Milliseconds since 1970 around the limits of what protobuf and java.time can represent.
  private static final List<Long> TIMESTAMPS =
      List.of(
          0L, 1L, 253_402_300_799_999L, 253_402_300_800_000L, Long.MAX_VALUE / 2, Long.MAX_VALUE);

  private static final List<String> HEADER_NAMES =
      List.of(
          "content-type",
          "ce_id",
          "ce_type",
          "ce_source",
          "ce_time",
          "ce_dataref",
          "mekiki-mute",
          "mekiki-expires",
          "shelf",
          "",
          "\u0000",
          "header");

  private final Random random;
  private final int largestRecord;

  /// @param largestRecord bytes that the broker takes for one record, keys and headers included
  public PoisonRecords(long seed, int largestRecord) {
    this.random = new Random(seed);
    this.largestRecord = largestRecord;
  }

  /// Whether a record with this key was made here: services write none without a key.
  public static boolean isPoison(byte @Nullable [] key) {
    return key == null
        || key.length == 0
        || new String(key, StandardCharsets.UTF_8).startsWith(KEY_PREFIX);
  }

  /// A record with random parts; the value may be any bytes.
  ///
  /// @param samples values of real records of that topic, to be damaged; may be empty
  /// @param nullKeys whether the topic takes records without a key
  public ProducerRecord<byte[], byte[]> any(
      String topic, int partitions, List<byte[]> samples, boolean nullKeys) {
    byte @Nullable [] key = nullKeys && random.nextInt(10) == 0 ? null : key();
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>(
            topic, random.nextInt(partitions), timestamp(), key, value(topic, samples));
    addHeaders(poison.headers());
    return poison;
  }

  /// A record that fills what the broker takes with one header, or with its value.
  public ProducerRecord<byte[], byte[]> largest(String topic, int partitions, boolean asHeader) {
    int bytes = largestRecord - 2048;
    byte[] text = new byte[bytes];
    java.util.Arrays.fill(text, (byte) 'x');
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>(
            topic, random.nextInt(partitions), null, key(), asHeader ? bytes(100) : text);
    if (asHeader) {
      poison.headers().add("content-type", text);
    }
    return poison;
  }

  private byte[] key() {
    byte[] prefix = KEY_PREFIX.getBytes(StandardCharsets.UTF_8);
    byte[] rest =
        switch (random.nextInt(5)) {
          case 0 -> bytes(random.nextInt(20));
          case 1 -> bytes(random.nextInt(3000));
          default -> Long.toHexString(random.nextLong()).getBytes(StandardCharsets.UTF_8);
        };
    byte[] key = java.util.Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, key, prefix.length, rest.length);
    return random.nextInt(20) == 0 ? new byte[0] : key;
  }

  private @Nullable Long timestamp() {
    return switch (random.nextInt(4)) {
      case 0 -> TIMESTAMPS.get(random.nextInt(TIMESTAMPS.size()));
      case 1 -> random.nextLong() & Long.MAX_VALUE;
      default -> null;
    };
  }

  private byte @Nullable [] value(String topic, List<byte[]> samples) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> bytes(1 + random.nextInt(5000));
      case 3, 4 -> samples.isEmpty() ? bytes(200) : damaged(sample(samples));
      default -> senseless(topic, samples);
    };
  }

  private byte[] sample(List<byte[]> samples) {
    return samples.get(random.nextInt(samples.size())).clone();
  }

  private byte[] damaged(byte[] value) {
    if (value.length == 0 || random.nextBoolean()) {
      return java.util.Arrays.copyOf(value, random.nextInt(value.length + 1));
    }
    int flips = 1 + random.nextInt(8);
    for (int i = 0; i < flips; i++) {
      value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return value;
  }

  /// A well-formed record of the topic with fields out of every range.
  private byte[] senseless(String topic, List<byte[]> samples) {
    try {
      if (topic.contains("image-codes")) {
        return senselessCode(samples);
      }
      if (topic.contains("code-placements")) {
        return senselessPlacement(samples);
      }
      if (topic.contains("probes")) {
        return senselessProbe(samples);
      }
      if (topic.contains("generations")) {
        return Generation.newBuilder()
            .setId(text(100))
            .setNetwork(text(100))
            .setBits(random.nextInt())
            .setPartitions(random.nextInt())
            .addPartitionOfCenter(random.nextInt())
            .setState(Generation.State.ACTIVE)
            .setActivatedTime(wildTime())
            .build()
            .toByteArray();
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError("a sample is no record of " + topic, e);
    }
    return bytes(1000);
  }

  private byte[] senselessCode(List<byte[]> samples)
      throws com.google.protobuf.InvalidProtocolBufferException {
    ImageCode.Builder code =
        samples.isEmpty()
            ? ImageCode.newBuilder()
            : ImageCode.parseFrom(sample(samples)).toBuilder();
    switch (random.nextInt(8)) {
      case 0 -> code.setHashCode(ByteString.copyFrom(bytes(random.nextInt(64))));
      case 1 -> code.setFingerprint(ByteString.copyFrom(bytes(random.nextInt(64))));
      case 2 -> code.setSha256(ByteString.copyFrom(bytes(random.nextInt(64))));
      case 3 -> code.setImageTime(wildTime()).setEncodedTime(wildTime());
      case 4 -> code.clearSource();
      case 5 -> code.setSource(wildSource());
      case 6 -> code.putMetadata(text(100_000), text(200_000)).setContentType(text(100_000));
      default -> code.setNetwork(text(1000)).setInstanceCode(ByteString.EMPTY);
    }
    return code.build().toByteArray();
  }

  private byte[] senselessPlacement(List<byte[]> samples)
      throws com.google.protobuf.InvalidProtocolBufferException {
    Placement.Builder placement =
        samples.isEmpty()
            ? Placement.newBuilder()
            : Placement.parseFrom(sample(samples)).toBuilder();
    switch (random.nextInt(9)) {
      case 0 -> placement.setHashCode(ByteString.copyFrom(bytes(random.nextInt(64))));
      case 1 -> placement.setFingerprint(ByteString.copyFrom(bytes(random.nextInt(64))));
      case 2 -> placement.setSha256(ByteString.copyFrom(bytes(random.nextInt(64))));
      case 3 -> placement.setImageTime(wildTime()).setPlacedTime(wildTime());
      case 4 -> placement.clearRevision();
      case 5 -> placement.setRevision(wildSource());
      case 6 -> placement.setCenter(random.nextInt()).setShell(random.nextInt());
      case 7 -> placement.setHomePartition(random.nextInt());
      default -> placement.putFilterableMetadata(text(100_000), text(200_000));
    }
    return placement.build().toByteArray();
  }

  private byte[] senselessProbe(List<byte[]> samples)
      throws com.google.protobuf.InvalidProtocolBufferException {
    Probes.Builder probes =
        samples.isEmpty() ? Probes.newBuilder() : Probes.parseFrom(sample(samples)).toBuilder();
    Probe.Builder probe =
        probes.getProbesCount() == 0 ? probes.addProbesBuilder() : probes.getProbesBuilder(0);
    switch (random.nextInt(6)) {
      case 0 -> probe.setFrom(random.nextInt());
      case 1 -> probe.setSequence(-1 - random.nextInt(1000));
      case 2 -> probe.setSeen(-1 - random.nextInt(1000));
      case 3 -> probe.clearPlacement();
      case 4 -> probe.clearImageId();
      default -> probe.getPlacementBuilder().setImageTime(wildTime());
    }
    return probes.build().toByteArray();
  }

  private SourceCoordinate wildSource() {
    return SourceCoordinate.newBuilder()
        .setTopic(text(2000))
        .setPartition(random.nextInt())
        .setOffset(random.nextLong())
        .build();
  }

  private Timestamp wildTime() {
    return Timestamp.newBuilder().setSeconds(random.nextLong()).setNanos(random.nextInt()).build();
  }

  private void addHeaders(Headers headers) {
    int count = random.nextInt(20) == 0 ? 2000 : random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String name = HEADER_NAMES.get(random.nextInt(HEADER_NAMES.size()));
      byte[] value =
          switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> bytes(random.nextInt(100_000));
            case 2 -> "true".getBytes(StandardCharsets.UTF_8);
            default -> bytes(random.nextInt(50));
          };
      headers.add(name, value);
    }
  }

  private String text(int longest) {
    int length = random.nextInt(longest);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (32 + random.nextInt(0x2000)));
    }
    return text.toString();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
