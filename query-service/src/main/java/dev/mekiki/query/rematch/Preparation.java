package dev.mekiki.query.rematch;

import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.query.rematch.EventIds.FullException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.kafka.GroupProgress;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.MatchRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What must be known before stored images are matched again, so that a pair is reported by the job
/// or by its arrival, and never by both nor by none:
///
/// 1. Every index instance has read what was decided before the job.
/// 2. Each partition then says how many arrivals it has taken: its *settled* number. Whatever comes
///    later is matched by what is decided now, by whoever processes it.
/// 3. The instances have committed those arrivals, then the probes that they sent; where copies are
///    looked for, encoders have committed the pairs that were found then. All pairs of settled
///    images are decided. If a partition was opened anew meanwhile, arrivals may have got other
///    numbers, and this begins again.
/// 4. The ids of all events that were written until then are read.
///
/// Each step takes a second or so; then {@link #step} is called again. For one thread.
final class Preparation implements AutoCloseable {
  private final KafkaClients clients;
  private final Topics topics;
  private final GenerationGeometry geometry;
  private final Supplier<StoredPartitions> partitions;
  private final GroupProgress groups;
  private final MatchRules rules;

  private Phase phase = Phase.DECISIONS;
  private List<Arrivals> placed = List.of();
  private List<Arrivals> copies = List.of();

  /// By topic, where its partitions ended.
  private final Map<String, List<Long>> ends = new HashMap<>();

  private @Nullable ReportedIds reported;

  private enum Phase {
    DECISIONS("waits until all index instances have read what is decided"),
    ARRIVALS("waits until the images that came before are matched"),
    PROBES("waits until the images that came before are matched in all partitions"),
    VERIFICATION("waits until encoders have verified the copies that were found before"),
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
    this.groups = new GroupProgress(clients);
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
    return placed.get(partition).getSequence();
  }

  /// The same of a partition of landmarks.
  long settledCopies(int partition) {
    return copies.get(partition).getSequence();
  }

  /// Number of partitions of landmarks; 0 where copies are not looked for again.
  int landmarkPartitions() {
    return copies.size();
  }

  /// Images in all partitions, those that are in partitions of landmarks, too, twice.
  long images() {
    return Stream.concat(placed.stream(), copies.stream()).mapToLong(Arrivals::getImages).sum();
  }

  /// Ids of the events that there were.
  ///
  /// @throws IllegalStateException before it is done
  EventIds known() {
    ReportedIds read = reported;
    if (read == null) {
      throw new IllegalStateException("ids are not read yet");
    }
    return read.known();
  }

  /// Does what can be done now.
  ///
  /// @throws FullException where there are too many events to know
  void step() throws FullException {
    switch (phase) {
      case DECISIONS -> {
        awaitDecisions();
        placed = placed();
        copies = copies();
        lookAt(rules.getPlacementsTopic(), topics.imageLandmarks(geometry.network()));
        phase = Phase.ARRIVALS;
      }
      case ARRIVALS -> {
        if (isProcessed(rules.getGroup())) {
          lookAt(rules.getProbesTopic(), rules.getLandmarkProbesTopic());
          phase = Phase.PROBES;
        }
      }
      case PROBES -> {
        if (isProcessed(rules.getGroup())) {
          phase = Phase.DECISIONS;
          if (sameOpenings(placed(), placed) && sameOpenings(copies(), copies)) {
            verification();
          }
        }
      }
      case VERIFICATION -> {
        if (isProcessed(topics.verifyGroup())) {
          phase = Phase.REPORTED;
        }
      }
      case REPORTED -> read();
      case DONE -> {}
    }
  }

  private void verification() {
    ends.clear();
    if (copies.isEmpty()) {
      phase = Phase.REPORTED;
    } else {
      ends.put(topics.copyCandidates(), groups.ends(topics.copyCandidates()));
      phase = Phase.VERIFICATION;
    }
  }

  private void lookAt(String placements, String landmarks) {
    ends.clear();
    ends.put(placements, groups.ends(placements));
    if (!copies.isEmpty()) {
      ends.put(landmarks, groups.ends(landmarks));
    }
  }

  private boolean isProcessed(String group) {
    return ends.entrySet().stream()
        .allMatch(topic -> groups.isPast(group, topic.getKey(), topic.getValue()));
  }

  private void awaitDecisions() {
    AwaitDecisionsRequest.Builder request = AwaitDecisionsRequest.newBuilder();
    Stream.of(topics.mutes(), topics.verdicts(), topics.tenants())
        .forEach(topic -> request.putOffsets(topic, groups.ends(topic).getFirst()));
    partitions.get().awaitDecisions(geometry.partitions(), request.build());
  }

  private List<Arrivals> placed() {
    return partitions.get().arrivals(geometry.id(), geometry.partitions());
  }

  private List<Arrivals> copies() {
    return rules.getCopies() && rules.getCopiesNoted()
        ? partitions.get().copyArrivals(geometry.id())
        : List.of();
  }

  private static boolean sameOpenings(List<Arrivals> now, List<Arrivals> before) {
    return now.stream()
        .map(Arrivals::getOpening)
        .toList()
        .equals(before.stream().map(Arrivals::getOpening).toList());
  }

  private void read() throws FullException {
    ReportedIds ids = reported;
    if (ids == null) {
      List<String> all = new ArrayList<>(List.of(rules.getReportedTopic()));
      if (!copies.isEmpty()) {
        all.add(topics.reportedCopies());
      }
      ids = new ReportedIds(clients, groups, all);
      reported = ids;
    }
    if (ids.read()) {
      phase = Phase.DONE;
      close();
    }
  }

  @Override
  public void close() {
    groups.close();
    ReportedIds ids = reported;
    if (ids != null) {
      ids.close();
    }
  }
}
