package dev.mekiki.schemas.image;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// The name of an image: 1 to {@link #MAX_BYTES} bytes of UTF-8, any characters, newlines and
/// quotes included. Ids are equal only where their bytes are: nothing is normalised.
///
/// @param value the id as text
public record ImageId(String value) {
  public static final int MAX_BYTES = 1024;

  /// @throws IllegalArgumentException where the text is empty, longer than {@link #MAX_BYTES} in
  ///   UTF-8, or has a lone surrogate, which UTF-8 cannot express
  public ImageId {
    checkLength(value.getBytes(StandardCharsets.UTF_8).length);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException(
          "image id: text with a lone surrogate (expected: text that UTF-8 can express)");
    }
  }

  /// The id that a record's key says.
  ///
  /// @throws IllegalArgumentException where the key is null, empty, longer than {@link #MAX_BYTES}
  ///   or not UTF-8; decoding is strict because a lenient one would merge ids
  public static ImageId parse(byte @Nullable [] key) {
    if (key == null) {
      throw new IllegalArgumentException(
          "image id: no key (expected: 1 to %d bytes of UTF-8)".formatted(MAX_BYTES));
    }
    checkLength(key.length);
    try {
      return new ImageId(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "image id: %d bytes that are not UTF-8 (expected: 1 to %d bytes of UTF-8)"
              .formatted(key.length, MAX_BYTES),
          e);
    }
  }

  /// The record key of this id.
  public byte[] toBytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /// The partition of `images` and `image-codes` that holds this id.
  ///
  /// @param partitions number of partitions of these topics, at least 1
  public int partition(int partitions) {
    return partition(toBytes(), partitions);
  }

  /// The partition that a record with the given key goes to: the choice of Kafka's own partitioner.
  ///
  /// @param partitions number of partitions of the topic, at least 1
  public static int partition(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  @Override
  public String toString() {
    return value;
  }

  private static void checkLength(int bytes) {
    if (bytes < 1 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "image id: %d bytes (expected: 1 to %d bytes of UTF-8)".formatted(bytes, MAX_BYTES));
    }
  }
}
