package dev.mekiki.runtime.deadletter;

import dev.mekiki.schemas.text.BoundedText;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a dead letter stands on `images.dlq`: what people name it by, as `3:1042`.
///
/// @param partition of `images.dlq`, at least 0
/// @param offset in that partition, at least 0
public record DeadLetterPosition(int partition, long offset)
    implements Comparable<DeadLetterPosition> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,18})");
  private static final Pattern KEY =
      Pattern.compile("([a-zA-Z0-9._-]{1,249})/(\\d{1,9})/(\\d{1,18})");
  private static final Comparator<DeadLetterPosition> ORDER =
      Comparator.comparingInt(DeadLetterPosition::partition)
          .thenComparingLong(DeadLetterPosition::offset);

  /// The position that a text such as `3:1042` names.
  ///
  /// @throws IllegalArgumentException where it names none
  public static DeadLetterPosition parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "position: '%s' (expected: PARTITION:OFFSET, such as 3:1042)"
              .formatted(BoundedText.quote(text)));
    }
    return new DeadLetterPosition(
        Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  /// The position with its topic, as records name it: `mekiki.images.dlq/3/1042`.
  public String inTopic(String topic) {
    return topic + '/' + partition + '/' + offset;
  }

  /// The position that a record names, or none where it names one of another topic, or none at all.
  public static Optional<DeadLetterPosition> ofTopic(String topic, String text) {
    Matcher matcher = KEY.matcher(text);
    return matcher.matches() && matcher.group(1).equals(topic)
        ? Optional.of(
            new DeadLetterPosition(
                Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  @Override
  public int compareTo(DeadLetterPosition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
