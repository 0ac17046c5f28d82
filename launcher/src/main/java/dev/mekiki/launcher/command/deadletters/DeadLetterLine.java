package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.runtime.deadletter.DeadLetterEntry;
import dev.mekiki.runtime.deadletter.DeadLetterPosition;
import dev.mekiki.runtime.deadletter.DeadLetterRecord;
import dev.mekiki.runtime.deadletter.DeadLetterStatus;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.RecordTime;
import dev.mekiki.schemas.topic.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A dead letter as commands print it. Its texts are bounded, and hold no control characters but in
/// an id, which JSON escapes.
///
/// @param position partition and offset
/// @param time in UTC; milliseconds since 1970 where that is no time
/// @param id the whole id, or the beginning of a key that is none
/// @param bytes size of the value; absent where there is none
/// @param state `new`, `retried` or `dropped`
/// @param stateTime when it was retried or dropped
/// @param author who did
/// @param retryOf the dead letter that this one was a retry of
/// @param original topic, partition and offset of the original record
/// @param leftOut what of the original record is missing
/// @param problems why no encoder can have written it
record DeadLetterLine(
    String position,
    String time,
    String id,
    String reason,
    String message,
    @Nullable Integer bytes,
    String state,
    @Nullable String stateTime,
    @Nullable String author,
    @Nullable String retryOf,
    @Nullable String original,
    @Nullable String leftOut,
    List<String> problems) {

  static DeadLetterLine of(DeadLetterEntry entry, Topics topics) {
    DeadLetterRecord letter = entry.letter();
    DeadLetterStatus status = entry.status();
    return new DeadLetterLine(
        letter.position().toString(),
        time(letter.timestamp()),
        letter.id().map(ImageId::value).orElse(letter.key()),
        letter.reason(),
        letter.message(),
        letter.bytes() < 0 ? null : letter.bytes(),
        status.kind().name().toLowerCase(Locale.ROOT),
        status.time().map(Instant::toString).orElse(null),
        status.author().isEmpty() ? null : status.author(),
        letter.retryOf().map(of -> inTopic(of, topics)).orElse(null),
        letter
            .original()
            .map(source ->
                "%s/%d/%d".formatted(source.getTopic(), source.getPartition(), source.getOffset()))
            .orElse(null),
        letter.leftOut().orElse(null),
        letter.problems());
  }

  private static String inTopic(String retryOf, Topics topics) {
    return DeadLetterPosition.ofTopic(topics.imagesDlq(), retryOf)
        .map(DeadLetterPosition::toString)
        .orElse(retryOf);
  }

  private static String time(long timestamp) {
    return RecordTime.isValid(timestamp) && timestamp >= 0
        ? Instant.ofEpochMilli(timestamp).truncatedTo(ChronoUnit.SECONDS).toString()
        : timestamp + " ms";
  }

  /// The id for people: one line, bounded.
  String shownId() {
    return BoundedText.quote(id);
  }

  /// The state, with what it is a retry of.
  String shownState() {
    return retryOf == null ? state : "%s, retry of %s".formatted(state, BoundedText.quote(retryOf));
  }

  String shownBytes() {
    return bytes == null ? "-" : bytes.toString();
  }

  /// The reason in detail, or why there is none.
  String shownMessage() {
    return problems.isEmpty()
        ? message
        : "not written by an encoder: " + String.join(", ", problems);
  }
}
