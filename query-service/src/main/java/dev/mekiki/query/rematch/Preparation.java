package dev.mekiki.query.rematch;

import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.query.rematch.EventIds.FullException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.MatchRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// What must be known before stored images are matched again, so that a pair is reported by the job
/// or by its arrival, and never by both nor by none:
///
/// 1. Every instance has read what was decided before the job.
/// 2. Each partition then says how many arrivals it has taken: its *settled* number. Whatever comes
///    later is matched by what is decided now, by whoever processes it.
/// 3. The instances have committed those arrivals, then the probes that they sent: all pairs of
///    settled images are decided. If a partition was opened anew meanwhile, arrivals may have got
///    other numbers, and this begins again.
/// 4. The ids of all events that were written until then are read.
///
/// Each step takes a second or so; then {@link #step} is called again. For one thread.
final class Preparation implements AutoCloseable {
  /// Part of the heap that ids of events may take.
  private static final int HEAP_SHARE = 4;

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final KafkaClients clients;
  private final Topics topics;
  private final GenerationGeometry geometry;
  private final Supplier<StoredPartitions> partitions;
  private final Settlement settlement;
  private final MatchRules rules;

  private Phase phase = Phase.DECISIONS;
  private List<Arrivals> arrivals = List.of();
  private Map<TopicPartition, Long> ends = Map.of();
  private @Nullable KafkaConsumer<byte[], byte[]> reader;
  private final EventIds known = new EventIds(Runtime.getRuntime().maxMemory() / HEAP_SHARE);

  private enum Phase {
    DECISIONS("waits until all index instances have read what is decided"),
    ARRIVALS("waits until the images that came before are matched"),
    PROBES("waits until the images that came before are matched in all partitions"),
    REPORTED("reads which events there were"),
    DONE("");

    private final String does;

    Phase(String does) {
      this.does = does;
    }
  }

  /// @param partitions the cluster as it stands when it is asked
  /// @param rules of the generation
  Preparation(
      KafkaClients clients,
      Topics topics,
      GenerationGeometry geometry,
      Supplier<StoredPartitions> partitions,
      MatchRules rules) {
    this.clients = clients;
    this.topics = topics;
    this.geometry = geometry;
    this.partitions = partitions;
    this.rules = rules;
    this.settlement = new Settlement(clients);
  }

  /// What it does, for people.
  String does() {
    return phase.does;
  }

  boolean isDone() {
    return phase == Phase.DONE;
  }

  /// The number of the last settled arrival of a partition.
  long settled(int partition) {
    return arrivals.get(partition).getSequence();
  }

  /// Images in all partitions.
  long images() {
    return arrivals.stream().mapToLong(Arrivals::getImages).sum();
  }

  /// Ids of the events that there were.
  EventIds known() {
    return known;
  }

  /// Does what can be done now.
  ///
  /// @throws FullException where there are too many events to know
  void step() throws InterruptedException, FullException {
    switch (phase) {
      case DECISIONS -> {
        awaitDecisions();
        arrivals = arrivals();
        ends = ends(rules.getPlacementsTopic());
        phase = Phase.ARRIVALS;
      }
      case ARRIVALS -> {
        if (settlement.isProcessed(rules.getGroup(), ends)) {
          ends = ends(rules.getProbesTopic());
          phase = Phase.PROBES;
        }
      }
      case PROBES -> {
        if (settlement.isProcessed(rules.getGroup(), ends)) {
          phase = sameOpenings(arrivals()) ? Phase.REPORTED : Phase.DECISIONS;
        }
      }
      case REPORTED -> read();
      case DONE -> {}
    }
  }

  private Map<TopicPartition, Long> ends(String topic) throws InterruptedException {
    return settlement.ends(Settlement.partitions(topic, geometry.partitions()));
  }

  private void awaitDecisions() throws InterruptedException {
    Collection<TopicPartition> decided =
        Stream.of(topics.mutes(), topics.verdicts(), topics.tenants())
            .map(topic -> new TopicPartition(topic, 0))
            .toList();
    AwaitDecisionsRequest.Builder request = AwaitDecisionsRequest.newBuilder();
    settlement
        .ends(decided)
        .forEach((partition, end) -> request.putOffsets(partition.topic(), end));
    partitions.get().awaitDecisions(geometry.partitions(), request.build());
  }

  private List<Arrivals> arrivals() {
    List<Arrivals> all = new ArrayList<>();
    for (int partition = 0; partition < geometry.partitions(); partition++) {
      all.add(
          partitions
              .get()
              .arrivals(
                  GetArrivalsRequest.newBuilder()
                      .setGeneration(geometry.id())
                      .setPartition(partition)
                      .build()));
    }
    return all;
  }

  private boolean sameOpenings(List<Arrivals> now) {
    for (int partition = 0; partition < now.size(); partition++) {
      if (!now.get(partition).getOpening().equals(arrivals.get(partition).getOpening())) {
        return false;
      }
    }
    return true;
  }

  private void read() throws InterruptedException, FullException {
    KafkaConsumer<byte[], byte[]> consumer = reader;
    if (consumer == null) {
      List<TopicPartition> all = settlement.partitions(rules.getReportedTopic());
      ends = settlement.ends(all);
      consumer =
          new KafkaConsumer<>(
              clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
      reader = consumer;
      consumer.assign(all);
      consumer.seekToBeginning(all);
    }
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      note(record.key());
    }
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      // Past the markers of transactions, too, and no further than what is committed.
      if (consumer.position(end.getKey()) < end.getValue()) {
        return;
      }
    }
    phase = Phase.DONE;
    close();
  }

  /// Others may have written what is no id of an event.
  private void note(byte @Nullable [] key) throws FullException {
    if (key == null) {
      return;
    }
    try {
      var _ = known.add(new String(key, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // It is nobody's.
    }
  }

  @Override
  public void close() {
    settlement.close();
    KafkaConsumer<byte[], byte[]> consumer = reader;
    if (consumer != null) {
      consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
      reader = null;
    }
  }
}
