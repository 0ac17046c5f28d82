package dev.mekiki.runtime.deadletter;

import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// What a record on `images.dlq` says, without the image. Anyone who may write to Kafka can put
/// anything there: all text is bounded by {@link BoundedText}, and what an encoder would have
/// written differently is listed.
///
/// @param position where it stands
/// @param timestamp of the record, milliseconds since 1970; any number
/// @param id the image, where the key is the id of one
/// @param key the key, quoted
/// @param reason why the image has no code, one word of a fixed set; empty where it does not say
/// @param message the reason in detail; may be empty
/// @param original the record on `images`, where it says so
/// @param bytes size of the value; -1 where there is none
/// @param reference whether it names an image that is held elsewhere
/// @param leftOut what of the original record it does not hold
/// @param retryOf the dead letter that the original record was a retry of, `topic/partition/offset`
/// @param problems why no encoder can have written it; empty in general
public record DeadLetterRecord(
    DeadLetterPosition position,
    long timestamp,
    Optional<ImageId> id,
    String key,
    String reason,
    String message,
    Optional<SourceCoordinate> original,
    int bytes,
    boolean reference,
    Optional<String> leftOut,
    Optional<String> retryOf,
    List<String> problems) {
  public DeadLetterRecord {
    problems = List.copyOf(problems);
  }

  /// What a record says; its value is not looked at.
  static DeadLetterRecord of(ConsumerRecord<byte[], ?> record) {
    Headers headers = record.headers();
    List<String> problems = new ArrayList<>();
    String reason = required(headers, DeadLetterHeaders.ERROR, problems);
    String message = required(headers, DeadLetterHeaders.MESSAGE, problems);
    Optional<SourceCoordinate> original = original(headers, problems);
    return new DeadLetterRecord(
        new DeadLetterPosition(record.partition(), record.offset()),
        record.timestamp(),
        id(record.key()),
        record.key() == null
            ? text(headers, DeadLetterHeaders.KEY).map(BoundedText::quote).orElse("")
            : BoundedText.quote(record.key()),
        BoundedText.quote(reason),
        message,
        original,
        record.serializedValueSize(),
        value(headers, ImageHeaders.CLOUD_EVENT_DATA_REFERENCE) != null,
        text(headers, DeadLetterHeaders.TRUNCATED),
        text(headers, ImageHeaders.RETRY_OF),
        problems);
  }

  /// In the place of a record that Kafka's consumer cannot read.
  static DeadLetterRecord unreadable(DeadLetterPosition position, String why) {
    return new DeadLetterRecord(
        position,
        -1,
        Optional.empty(),
        "",
        "",
        "",
        Optional.empty(),
        -1,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of("it cannot be read: " + BoundedText.message(why)));
  }

  private static Optional<ImageId> id(byte @Nullable [] key) {
    try {
      return Optional.of(ImageId.parse(key));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<SourceCoordinate> original(Headers headers, List<String> problems) {
    int before = problems.size();
    String topic = required(headers, DeadLetterHeaders.TOPIC, problems);
    long partition = number(headers, DeadLetterHeaders.PARTITION, Integer.MAX_VALUE, problems);
    long offset = number(headers, DeadLetterHeaders.OFFSET, Long.MAX_VALUE, problems);
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(
            SourceCoordinate.newBuilder()
                .setTopic(topic)
                .setPartition(Math.toIntExact(partition))
                .setOffset(offset)
                .build());
  }

  private static long number(Headers headers, String name, long largest, List<String> problems) {
    String text = required(headers, name, problems);
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= largest) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The same as a number out of range.
    }
    if (!text.isEmpty()) {
      problems.add("%s: '%s' (expected: 0..%d)".formatted(name, BoundedText.quote(text), largest));
    }
    return 0;
  }

  private static String required(Headers headers, String name, List<String> problems) {
    Optional<String> text = text(headers, name).filter(found -> !found.isEmpty());
    if (text.isEmpty()) {
      problems.add(name + " is missing");
    }
    return text.orElse("");
  }

  private static Optional<String> text(Headers headers, String name) {
    return Optional.ofNullable(value(headers, name)).map(BoundedText::message);
  }

  private static byte @Nullable [] value(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }
}
