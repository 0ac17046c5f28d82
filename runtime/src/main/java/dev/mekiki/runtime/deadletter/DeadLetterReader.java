package dev.mekiki.runtime.deadletter;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.RecordReader;
import dev.mekiki.runtime.kafka.RecordReader.Read;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Reads `images.dlq` and what was done about its records. Of dead letters that are listed no image
/// is kept, so memory depends on how many are asked for alone. For one thread. Where Kafka is away,
/// calls fail with the exceptions of its consumer.
public final class DeadLetterReader implements AutoCloseable {
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  private final Topics topics;
  private final RangeReader letters;
  private final RangeReader states;
  private final RecordReader whole;
  private final List<TopicPartition> partitions;

  private DeadLetterReader(
      KafkaClients clients, Topics topics, RangeReader letters, List<TopicPartition> partitions) {
    this.topics = topics;
    this.letters = letters;
    this.states = RangeReader.ofRecords(clients);
    this.whole = RecordReader.ofCommitted(clients.consumer(), 1);
    this.partitions = partitions;
  }

  /// A reader of all dead letters.
  ///
  /// @throws StartException where there is no topic of dead letters
  public static DeadLetterReader open(KafkaClients clients, Topics topics) {
    RangeReader letters = RangeReader.ofKeys(clients);
    try {
      List<TopicPartition> partitions = letters.partitions(topics.imagesDlq());
      if (partitions.isEmpty()) {
        throw new StartException(
            ("%s at %s: no such topic (expected: one that an encoder makes when it starts; the key"
                    + " mekiki.topics.prefix says what its name starts with)")
                .formatted(topics.imagesDlq(), clients.bootstrapServers()));
      }
      return new DeadLetterReader(clients, topics, letters, partitions);
    } catch (RuntimeException e) {
      letters.close();
      throw e;
    }
  }

  /// What stands at a position.
  public sealed interface Found {
    /// A dead letter.
    ///
    /// @param letter what it says
    /// @param record all of it
    record Whole(DeadLetterRecord letter, ConsumerRecord<byte[], byte[]> record) implements Found {}

    /// None.
    ///
    /// @param why a phrase for people, such as `Kafka has deleted it`
    record Nothing(String why) implements Found {}
  }

  /// What was done about dead letters so far.
  public DeadLetterStates states() {
    DeadLetterStates read = new DeadLetterStates(topics.imagesDlq());
    List<TopicPartition> all = states.partitions(topics.deadLetterStates());
    Map<TopicPartition, Long> begins = states.begins(all);
    states
        .ends(all)
        .forEach((partition, end) ->
            states.read(
                partition,
                begins.getOrDefault(partition, 0L),
                end,
                record -> {
                  read.add(record);
                  return true;
                }));
    return read;
  }

  /// The newest dead letters of a kind, oldest first.
  ///
  /// @param known what was done about dead letters
  /// @param limit most of them, at least 1
  public List<DeadLetterEntry> newest(
      DeadLetterFilter filter, DeadLetterStates known, int limit, ScanProgress progress) {
    return new NewestSearch(stretches(filter, progress), filter, known::of, limit).run();
  }

  /// All dead letters of a kind, oldest first. Where there are more than the limit, those are left
  /// out that stand last in a partition, or in later partitions.
  ///
  /// @param known what was done about dead letters
  /// @param limit most of them, at least 1
  public List<DeadLetterEntry> all(
      DeadLetterFilter filter, DeadLetterStates known, int limit, ScanProgress progress) {
    List<DeadLetterEntry> found = new ArrayList<>();
    Stretches stretches = stretches(filter, progress);
    for (TopicPartition partition : partitions) {
      if (found.size() == limit) {
        break;
      }
      stretches.read(
          partition,
          stretches.begin(partition),
          stretches.end(partition),
          letter -> {
            DeadLetterEntry entry = new DeadLetterEntry(letter, known.of(letter));
            if (filter.includes(entry)) {
              found.add(entry);
            }
            return found.size() < limit;
          });
    }
    return found.stream().sorted(DeadLetterEntry.BY_TIME).toList();
  }

  /// The dead letter at a position, with its image.
  ///
  /// @throws StartException where Kafka does not give it within 30 s
  public Found find(DeadLetterPosition position) throws InterruptedException {
    int number = position.partition();
    TopicPartition partition = new TopicPartition(topics.imagesDlq(), number);
    if (!partitions.contains(partition)) {
      return new Found.Nothing(
          "%s has no partition %d (expected: 0..%d)"
              .formatted(topics.imagesDlq(), number, partitions.size() - 1));
    }
    long begin = begins().getOrDefault(partition, 0L);
    if (position.offset() < begin) {
      return new Found.Nothing(
          "Kafka has deleted it: what is left of partition %d begins at %d:%d"
              .formatted(number, number, begin));
    }
    long end = letters.ends(List.of(partition)).getOrDefault(partition, 0L);
    if (position.offset() >= end) {
      return new Found.Nothing(
          "there is none yet: partition %d ends before %d:%d".formatted(number, number, end));
    }
    return switch (whole.read(partition, position.offset(), READ_LIMIT)) {
      case Read.Found(ConsumerRecord<byte[], byte[]> record) ->
          new Found.Whole(DeadLetterRecord.of(record), record);
      case Read.Nothing() ->
          new Found.Nothing("no record stands there, only what Kafka notes about others");
      case Read.NoAnswer(String reason) ->
          throw new StartException(
              "%s of %s cannot be read: %s".formatted(position, topics.imagesDlq(), reason));
    };
  }

  /// The offset of the oldest record of each partition.
  Map<TopicPartition, Long> begins() {
    return letters.begins(partitions);
  }

  @Override
  public void close() {
    letters.close();
    states.close();
    whole.close();
  }

  private Stretches stretches(DeadLetterFilter filter, ScanProgress progress) {
    return new Stretches(letters, partitions, filter, progress);
  }
}
