package dev.mekiki.runtime.deadletter;

import dev.mekiki.runtime.deadletter.DeadLetterReader.Found;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends dead letters to `images` again, where they go the way of any image: the original key,
/// bytes and headers, and {@link dev.mekiki.schemas.image.ImageHeaders#RETRY_OF}.
///
/// It does not send what would do harm or could not succeed: a dead letter that holds less than the
/// whole original record, one that no encoder has written, one that was retried or dropped already,
/// and one whose image has a newer record on `images`. For one thread.
public final class DeadLetterRetry {
  /// Dead letters that share a transaction, at most.
  private static final int BATCH_RECORDS = 100;

  private static final long BATCH_BYTES = 4L << 20;

  private final KafkaClients clients;
  private final Topics topics;
  private final DeadLetterReader reader;
  private final Rules rules;
  private final Listener listener;

  /// What a retry may do beyond the ordinary.
  ///
  /// @param again send dead letters that were retried already
  /// @param overwrite do not look for newer records, and replace what they brought
  public record Rules(boolean again, boolean overwrite) {}

  /// Hears what becomes of each dead letter.
  public interface Listener {
    /// It was sent, or would be.
    void retried(DeadLetterEntry entry);

    /// It was not sent.
    ///
    /// @param why a phrase for people, with the remedy
    void refused(DeadLetterEntry entry, String why);

    /// How far `images` has been searched for newer records.
    default void searched(long done, long total) {}
  }

  public DeadLetterRetry(
      KafkaClients clients,
      Topics topics,
      DeadLetterReader reader,
      Rules rules,
      Listener listener) {
    this.clients = clients;
    this.topics = topics;
    this.reader = reader;
    this.rules = rules;
    this.listener = listener;
  }

  /// Retries dead letters in the given order.
  ///
  /// @param entries with what was done about them as it is now that the writer is open
  /// @param writer sends them; null: nothing is sent, the listener hears what would be
  public void run(List<DeadLetterEntry> entries, @Nullable DeadLetterWriter writer)
      throws InterruptedException {
    List<DeadLetterEntry> allowed = withoutNewer(possible(entries));
    if (writer == null) {
      allowed.forEach(listener::retried);
      return;
    }
    List<Pending> batch = new ArrayList<>();
    long bytes = 0;
    for (DeadLetterEntry entry : allowed) {
      long next = Math.max(0, entry.letter().bytes());
      if (batch.size() == BATCH_RECORDS || (bytes > 0 && bytes + next > BATCH_BYTES)) {
        send(batch, writer);
        batch = new ArrayList<>();
        bytes = 0;
      }
      switch (reader.find(entry.letter().position())) {
        case Found.Whole whole -> {
          batch.add(new Pending(entry, whole));
          bytes += next;
        }
        case Found.Nothing(String why) -> listener.refused(entry, why);
      }
    }
    send(batch, writer);
  }

  private record Pending(DeadLetterEntry entry, Found.Whole whole) {}

  /// Sends all in one transaction; each in one of its own where Kafka refuses one of them.
  private void send(List<Pending> batch, DeadLetterWriter writer) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      writer.retry(batch.stream().map(Pending::whole).toList());
    } catch (DeadLetterWriter.RefusedException e) {
      if (batch.size() == 1) {
        listener.refused(batch.getFirst().entry(), "Kafka refuses it: " + e.getMessage());
      } else {
        batch.forEach(one -> send(List.of(one), writer));
      }
      return;
    }
    batch.forEach(sent -> listener.retried(sent.entry()));
  }

  private List<DeadLetterEntry> possible(List<DeadLetterEntry> entries) {
    List<DeadLetterEntry> possible = new ArrayList<>();
    for (DeadLetterEntry entry : entries) {
      Optional<String> obstacle = handled(entry.status()).or(() -> incomplete(entry.letter()));
      obstacle.ifPresentOrElse(why -> listener.refused(entry, why), () -> possible.add(entry));
    }
    return possible;
  }

  private Optional<String> handled(DeadLetterStatus status) {
    return switch (status.kind()) {
      case NEW -> Optional.empty();
      case RETRIED ->
          rules.again()
              ? Optional.empty()
              : Optional.of(
                  "it was retried already%s (expected: --again to retry it once more)"
                      .formatted(at(status)));
      case DROPPED ->
          Optional.of(
              "it was dropped%s (expected: one that was not; `mekiki dlq show --save` keeps its image)"
                  .formatted(at(status)));
    };
  }

  private static String at(DeadLetterStatus status) {
    return status.time().map(time -> " at " + time).orElse("")
        + (status.author().isEmpty() ? "" : " by " + status.author());
  }

  /// Why no record on `images` can be made of a dead letter that is one like the original.
  private Optional<String> incomplete(DeadLetterRecord letter) {
    if (!letter.problems().isEmpty()) {
      return Optional.of(
          "no encoder has written it: %s (expected: a dead letter as encoders write them)"
              .formatted(String.join(", ", letter.problems())));
    }
    if (letter.leftOut().isPresent()) {
      return Optional.of(
          "it does not hold the whole original record: %s (expected: send the image itself again)"
              .formatted(letter.leftOut().get()));
    }
    String topic = letter.original().map(SourceCoordinate::getTopic).orElse("");
    if (!topic.equals(topics.images())) {
      return Optional.of(
          "its original was on the topic %s (expected: %s)".formatted(topic, topics.images()));
    }
    if (letter.id().isEmpty()) {
      return Optional.of(
          "its key is no image id (expected: send the image again under an id of 1 to 1024 bytes of"
              + " UTF-8)");
    }
    if (letter.bytes() < 0 && !letter.reference()) {
      return Optional.of(
          "it holds no image, so that a retry would delete (expected: `mekiki delete` if that is"
              + " meant)");
    }
    return Optional.empty();
  }

  private List<DeadLetterEntry> withoutNewer(List<DeadLetterEntry> entries) {
    if (rules.overwrite() || entries.isEmpty()) {
      return entries;
    }
    Map<DeadLetterPosition, Long> newer;
    try (RangeReader images = RangeReader.ofKeys(clients)) {
      newer =
          new NewerRecords(images, topics)
              .find(entries.stream().map(DeadLetterEntry::letter).toList(), listener::searched);
    }
    List<DeadLetterEntry> allowed = new ArrayList<>();
    for (DeadLetterEntry entry : entries) {
      Long offset = newer.get(entry.letter().position());
      if (offset == null) {
        allowed.add(entry);
      } else {
        listener.refused(
            entry,
            ("the image has a newer record at offset %d of %s, which a retry would replace"
                    + " (expected: --overwrite if it should)")
                .formatted(offset, topics.images()));
      }
    }
    return allowed;
  }
}
