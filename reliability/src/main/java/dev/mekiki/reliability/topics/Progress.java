package dev.mekiki.reliability.topics;

import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// How far the services have processed the topics: samples of their lag, and watermarks.
///
/// A watermark is found in the order in which records flow: what encoders were to read, then the
/// codes that this made, then placements and probes, and then the probes that these made. Not
/// thread-safe.
public final class Progress implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(150);
  private static final int LIMIT_SECONDS = 15;
  private static final Topics TOPICS = Topics.withDefaultPrefix();

  /// Groups are written once a second. Nothing that came within a few of them is followed by more.
  private static final Duration GROUPS_PAUSE = Duration.ofSeconds(4);

  private final TopicNames names;
  private final Admin admin;
  private final TopicReader reader;
  private final Map<String, Integer> partitions = new HashMap<>();

  /// How many records wait.
  ///
  /// @param images for the encoders
  /// @param index for the index instances: codes, placements and probes
  /// @param processed by the index instances so far
  public record Lag(Instant time, long images, long index, long processed) {}

  public Progress(String bootstrapServers, TopicNames names) {
    this.names = names;
    this.admin =
        Admin.create(
            Map.<String, Object>of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                LIMIT_SECONDS * 1_000,
                "request.timeout.ms",
                5_000));
    this.reader = new TopicReader(bootstrapServers);
  }

  /// Waits until everything that is on `images` now has been processed.
  ///
  /// @return null where that is not so at the deadline
  public @Nullable Watermark await(Instant deadline) throws InterruptedException {
    String images = TOPICS.images();
    Instant asked = Instant.now();
    Map<TopicPartition, Long> ends = retried(deadline, () -> ends(List.of(images)));
    List<List<String>> rest =
        List.of(
            List.of(names.imageCodes()),
            List.of(names.codePlacements(), names.probes()),
            List.of(names.probes()));
    boolean reached = awaitGroup(names.encoderGroup(), ends, deadline);
    for (List<String> topics : rest) {
      if (!reached) {
        return null;
      }
      reached = awaitGroup(names.indexGroup(), retried(deadline, () -> ends(topics)), deadline);
    }
    if (!reached) {
      return null;
    }
    Map<Integer, Long> events =
        byPartition(retried(deadline, () -> ends(List.of(TOPICS.matches()))));
    return new Watermark(asked, Instant.now(), byPartition(ends), events);
  }

  /// Waits until no message about groups waits, and groups and retractions are written.
  ///
  /// @return how long that took; null where it is not so at the deadline
  public @Nullable Duration awaitGroups(Instant deadline) throws InterruptedException {
    List<String> topics = List.of(TOPICS.matches(), names.groupMessages(), TOPICS.groups());
    Instant asked = Instant.now();
    Instant quiet = asked;
    Map<TopicPartition, Long> before = Map.of();
    while (true) {
      Map<TopicPartition, Long> ends = retried(deadline, () -> ends(topics));
      if (ends.equals(before) && quiet.plus(GROUPS_PAUSE).isBefore(Instant.now())) {
        return Duration.between(asked, quiet);
      }
      if (!ends.equals(before)) {
        quiet = Instant.now();
        before = ends;
      }
      if (!awaitGroup(names.indexGroup(), ends, deadline)) {
        return null;
      }
      Thread.sleep(PAUSE);
    }
  }

  private static Map<Integer, Long> byPartition(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
  }

  private boolean awaitGroup(String group, Map<TopicPartition, Long> ends, Instant deadline)
      throws InterruptedException {
    Map<TopicPartition, Long> left = new HashMap<>(ends);
    left.values().removeIf(end -> end == 0);
    while (true) {
      Map<TopicPartition, Long> committed = retried(deadline, () -> committed(group));
      left.entrySet().removeIf(end -> isReached(end.getKey(), end.getValue(), committed));
      if (left.isEmpty()) {
        return true;
      }
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      Thread.sleep(PAUSE);
    }
  }

  /// The end of a partition may lie behind markers of transactions, which nobody commits.
  private boolean isReached(
      TopicPartition partition, long end, Map<TopicPartition, Long> committed) {
    long at = committed.getOrDefault(partition, 0L);
    try {
      return at >= end || (end - at < 100 && !reader.mayHaveRecords(partition, at, end));
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      return false;
    }
  }

  /// How many records wait now, markers of transactions included.
  ///
  /// @return null where no broker says so
  public @Nullable Lag lag() throws InterruptedException {
    String images = TOPICS.images();
    try {
      List<String> read = List.of(names.imageCodes(), names.codePlacements(), names.probes());
      Map<TopicPartition, Long> processed = committed(names.indexGroup());
      processed.keySet().removeIf(partition -> !read.contains(partition.topic()));
      return new Lag(
          Instant.now(),
          lag(committed(names.encoderGroup()), List.of(images)),
          lag(processed, read),
          processed.values().stream().mapToLong(Long::longValue).sum());
    } catch (ExecutionException | TimeoutException e) {
      return null;
    }
  }

  private long lag(Map<TopicPartition, Long> committed, List<String> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    return ends(topics).entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L)))
        .sum();
  }

  private Map<TopicPartition, Long> committed(String group)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
        .forEach((TopicPartition partition, OffsetAndMetadata offset) -> {
          if (offset != null) {
            offsets.put(partition, offset.offset());
          }
        });
    return offsets;
  }

  /// Where records end, those of open transactions included: the offsets of a transaction may be
  /// committed some time before the records that it wrote to another broker.
  private Map<TopicPartition, Long> ends(List<String> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicPartition partition : partitions(topics)) {
      asked.put(partition, OffsetSpec.latest());
    }
    return admin
        .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .all()
        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
  }

  private Collection<TopicPartition> partitions(List<String> topics)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (!partitions.keySet().containsAll(topics)) {
      for (TopicDescription topic :
          admin
              .describeTopics(topics)
              .allTopicNames()
              .get(LIMIT_SECONDS, TimeUnit.SECONDS)
              .values()) {
        partitions.put(topic.name(), topic.partitions().size());
      }
    }
    List<TopicPartition> all = new ArrayList<>();
    for (String topic : topics) {
      for (int i = 0; i < partitions.getOrDefault(topic, 0); i++) {
        all.add(new TopicPartition(topic, i));
      }
    }
    return all;
  }

  /// Asks until there is an answer: brokers may be away.
  private static <T> T retried(Instant deadline, Question<T> question) throws InterruptedException {
    while (true) {
      try {
        return question.ask();
      } catch (ExecutionException | TimeoutException e) {
        if (Instant.now().isAfter(deadline)) {
          throw new IllegalStateException("no broker answers", e);
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private interface Question<T> {
    T ask() throws ExecutionException, InterruptedException, TimeoutException;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
  }
}
