package dev.mekiki.reliability.topics;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.reliability.load.Load;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The topics of a made-up run of one partition, whose times are the offsets of its images.
///
/// A picture is a text; its code and its fingerprint are its bits, or are given.
public final class Records {
  private final List<ConsumerRecord<byte[], byte[]>> images = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> codes = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();

  /// An image that nothing was made of, or a deletion where the picture is null.
  ///
  /// @return its place
  public Place image(String id, @Nullable String picture) {
    int offset = images.size();
    ConsumerRecord<byte[], byte[]> record =
        record("images", offset, id, picture == null ? null : bytes(picture));
    record.headers().add(Load.NUMBER, bytes(Integer.toString(offset)));
    images.add(record);
    return new Place(0, offset);
  }

  /// An image with its code.
  ///
  /// @param bits of its code, and of its fingerprint
  /// @return its place
  public Place encoded(String id, String picture, long bits) {
    return encoded("", id, picture, bits);
  }

  /// An image of a tenant with its code.
  ///
  /// @param tenant empty for the default one
  /// @param bits of its code, and of its fingerprint
  /// @return its place
  public Place encoded(String tenant, String id, String picture, long bits) {
    Place place = image(id, picture);
    if (!tenant.isEmpty()) {
      images.getLast().headers().add(ImageHeaders.TENANT, bytes(tenant));
    }
    code(tenant, id, picture, bits, place);
    return place;
  }

  /// A code alone.
  public void code(String id, String picture, long bits, Place source) {
    code("", id, picture, bits, source);
  }

  private void code(String tenant, String id, String picture, long bits, Place source) {
    ImageCode code =
        ImageCode.newBuilder()
            .setTenant(tenant)
            .setHashCode(ByteString.copyFrom(HashCode.of(64, bits).toBytes()))
            .setFingerprint(ByteString.copyFrom(HashCode.of(256, bits, 0, 0, 0).toBytes()))
            .setFingerprintQuality(100)
            .setSha256(ByteString.copyFrom(sha256(picture)))
            .setSource(
                SourceCoordinate.newBuilder()
                    .setTopic("images")
                    .setPartition(source.partition())
                    .setOffset(source.offset()))
            .build();
    codes.add(record("codes", codes.size(), id, code.toByteArray()));
  }

  public void deadLetter(String id, Place source) {
    ConsumerRecord<byte[], byte[]> record = record("dlq", deadLetters.size(), id, new byte[1]);
    record
        .headers()
        .add(DeadLetterHeaders.PARTITION, bytes(Integer.toString(source.partition())))
        .add(DeadLetterHeaders.OFFSET, bytes(Long.toString(source.offset())))
        .add(DeadLetterHeaders.ERROR, bytes("UNKNOWN_FORMAT"));
    deadLetters.add(record);
  }

  public History history() {
    return History.of(images, codes, deadLetters, Load.NUMBER);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic, int offset, String id, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        offset,
        org.apache.kafka.common.record.TimestampType.CREATE_TIME,
        0,
        0,
        bytes(id),
        value,
        new org.apache.kafka.common.header.internals.RecordHeaders(),
        java.util.Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The hash of a picture, hexadecimal.
  public static String hash(String picture) {
    return HexFormat.of().formatHex(sha256(picture));
  }

  private static byte[] sha256(String picture) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes(picture));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
