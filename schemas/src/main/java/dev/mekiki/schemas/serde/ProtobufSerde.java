package dev.mekiki.schemas.serde;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Messages of one type as record values; null, the tombstone, stays null. Thread-safe.
///
/// Bytes that are no such message are a {@link SerializationException} that names the topic.
///
/// @param <T> the message type
public final class ProtobufSerde<T extends Message> implements Serde<T> {
  private final Class<T> type;
  private final Parser<T> parser;

  private ProtobufSerde(Class<T> type, Parser<T> parser) {
    this.type = type;
    this.parser = parser;
  }

  /// The serde of the type of `prototype`, usually `X.getDefaultInstance()`.
  @SuppressWarnings("unchecked") // A generated message parses to its own class.
  public static <T extends Message> ProtobufSerde<T> of(T prototype) {
    return new ProtobufSerde<>(
        (Class<T>) prototype.getClass(), (Parser<T>) prototype.getParserForType());
  }

  @Override
  public Serializer<T> serializer() {
    return this::serialize;
  }

  @Override
  public Deserializer<T> deserializer() {
    return this::deserialize;
  }

  private byte @Nullable [] serialize(String topic, @Nullable T message) {
    return message == null ? null : message.toByteArray();
  }

  private @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new SerializationException(
          "value on %s: %d bytes that are no %s"
              .formatted(topic, bytes.length, type.getSimpleName()),
          e);
    }
  }
}
