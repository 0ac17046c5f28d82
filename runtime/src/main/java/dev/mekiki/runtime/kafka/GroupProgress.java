package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// How far consumer groups have come with topics. For one thread; calls block on Kafka.
public final class GroupProgress implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  /// Transactions end with records that no consumer sees and no group need commit. Where no more
  /// than so many offsets are left, it is looked at which of them are records.
  private static final long LOOKED_AT = 1_000;

  private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);

  private final Admin admin;
  private final PartitionEnds ends;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String bootstrapServers;

  public GroupProgress(KafkaClients clients) {
    admin = Admin.create(clients.admin());
    ends = new PartitionEnds(clients);
    consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    bootstrapServers = clients.bootstrapServers();
  }

  /// How far a group has come with a topic.
  ///
  /// @param processed records that the group has processed, as far as offsets show
  /// @param left records that are left for it
  public record Progress(long processed, long left) {}

  /// How far a group has come with a topic; nothing of both where there is no such topic.
  ///
  /// @throws StartException where Kafka does not answer
  public Progress of(String group, String topic) {
    List<TopicPartition> partitions =
        IntStream.range(0, ends.partitions(topic))
            .mapToObj(number -> new TopicPartition(topic, number))
            .toList();
    if (partitions.isEmpty()) {
      return new Progress(0, 0);
    }
    Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
    Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> lasts = offsets(partitions, OffsetSpec.latest());
    long processed = 0;
    long left = 0;
    for (TopicPartition partition : partitions) {
      long start = starts.getOrDefault(partition, 0L);
      @Nullable OffsetAndMetadata next = committed.get(partition);
      long from = next == null ? start : Math.max(start, next.offset());
      long end = lasts.getOrDefault(partition, 0L);
      processed += from - start;
      left += end - from > LOOKED_AT ? end - from : records(partition, from, end);
    }
    return new Progress(processed, left);
  }

  /// By partition, where a topic ends now.
  ///
  /// @throws StartException where Kafka does not answer, or there is no such topic
  public List<Long> ends(String topic) {
    return ends.ends(topic);
  }

  /// Whether a group has processed all records before some offsets.
  ///
  /// @param before by partition of the topic
  /// @throws StartException where Kafka does not answer
  public boolean isPast(String group, String topic, List<Long> before) {
    Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
    for (int number = 0; number < before.size(); number++) {
      TopicPartition partition = new TopicPartition(topic, number);
      @Nullable OffsetAndMetadata next = committed.get(partition);
      long from = next == null ? 0 : next.offset();
      long end = before.get(number);
      if (from < end && hasRecords(partition, Math.max(from, start(partition)), end)) {
        return false;
      }
    }
    return true;
  }

  /// Number of members of a group.
  ///
  /// @throws StartException where Kafka does not answer
  public int members(String group) {
    return described(group).size();
  }

  /// The hosts from which the members of a group reach Kafka.
  ///
  /// @throws StartException where Kafka does not answer
  public SortedSet<String> hosts(String group) {
    return described(group).stream()
        .map(member -> member.host().replaceFirst("^/", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The client ids of the members of a group.
  ///
  /// @throws StartException where Kafka does not answer
  public Set<String> clients(String group) {
    return described(group).stream().map(MemberDescription::clientId).collect(Collectors.toSet());
  }

  private Collection<MemberDescription> described(String group) {
    try {
      return AdminCalls.await(
              Objects.requireNonNull(
                  admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)),
              bootstrapServers)
          .members();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw failed(group, e);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    try {
      return AdminCalls.await(
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), bootstrapServers);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw failed(group, e);
    }
  }

  private Map<TopicPartition, Long> offsets(
      Collection<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, spec));
    try {
      Map<TopicPartition, ListOffsetsResultInfo> found =
          AdminCalls.await(admin.listOffsets(asked).all(), bootstrapServers);
      Map<TopicPartition, Long> offsets = new HashMap<>();
      found.forEach((partition, info) -> offsets.put(partition, info.offset()));
      return offsets;
    } catch (ExecutionException e) {
      throw failed(partitions.iterator().next().topic(), e);
    }
  }

  private long start(TopicPartition partition) {
    return offsets(List.of(partition), OffsetSpec.earliest()).getOrDefault(partition, 0L);
  }

  /// Counts the records between two offsets; those that are not read in time count, too.
  ///
  /// @param from not before the first record that is kept
  private long records(TopicPartition partition, long from, long end) {
    if (from >= end) {
      return 0;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + LOOK_LIMIT.toNanos();
    long records = 0;
    long next = from;
    while (next < end && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
        records += record.offset() < end ? 1 : 0;
      }
      next = consumer.position(partition);
    }
    return records + Math.max(0, end - next);
  }

  /// Whether there is a record between two offsets, or may be one as they are not read in time.
  ///
  /// @param from not before the first record that is kept
  private boolean hasRecords(TopicPartition partition, long from, long end) {
    if (from >= end) {
      return false;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + LOOK_LIMIT.toNanos();
    do {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
        return record.offset() < end;
      }
      if (consumer.position(partition) >= end) {
        return false;
      }
    } while (System.nanoTime() < deadline);
    return true;
  }

  private static StartException failed(String what, ExecutionException e) {
    return new StartException(
        "%s cannot be looked up: %s (expected: a group and topics that this client may read)"
            .formatted(what, BoundedText.message(e)),
        e);
  }

  @Override
  public void close() {
    ends.close();
    admin.close(CLOSE_LIMIT);
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
  }
}
