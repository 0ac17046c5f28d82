package dev.mekiki.index.generations;

import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.runtime.kafka.GroupProgress;
import dev.mekiki.runtime.kafka.GroupProgress.Progress;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.Removal;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import dev.mekiki.schemas.v1.MatchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The indexes of the generations of an installation. For one thread; calls block on Kafka.
public final class GenerationIndexes implements AutoCloseable {
  /// A generation is ready with no more records left than its index processes in a moment.
  public static final long READY_WITH = 1_000;

  private static final Duration RETRY = Duration.ofMillis(500);

  private final Topics topics;
  private final GroupProgress groups;
  private final Removal removal;

  public GenerationIndexes(KafkaClients clients, Topics topics) {
    this.topics = topics;
    this.groups = new GroupProgress(clients);
    this.removal = new Removal(clients);
  }

  /// How far an index has come.
  ///
  /// @param members instances that run, by their stream threads; 0 where none does
  /// @param codes of the images
  /// @param arrivals on the topics between instances: placements, landmarks and probes
  public record State(int members, Progress codes, Progress arrivals) {
    /// Records that are left.
    public long left() {
      return codes.left() + arrivals.left();
    }

    /// Why searches should not go there yet; null where they may.
    public @Nullable String notReady() {
      if (members == 0) {
        return "no index instance of it runs";
      }
      return left() > READY_WITH
          ? "%d codes and %d placements, landmarks and probes are left to process (at most %d)"
              .formatted(codes.left(), arrivals.left(), READY_WITH)
          : null;
    }
  }

  /// How far the index of a generation has come.
  ///
  /// @throws StartException where Kafka does not answer
  public State state(Generations known, Generation generation) {
    IndexNames names = names(known, generation);
    String group = names.applicationId();
    String codes = topics.imageCodes(generation.getNetwork());
    List<Progress> arrivals = new ArrayList<>();
    arrivals.add(groups.of(group, names.codePlacements()));
    arrivals.add(groups.of(group, names.probes()));
    if (looksForCopies(known, generation)) {
      arrivals.add(groups.of(topics.landmarksGroup(generation.getNetwork()), codes));
      arrivals.add(groups.of(group, topics.imageLandmarks(generation.getNetwork())));
      arrivals.add(groups.of(group, names.landmarkProbes()));
    }
    return new State(
        groups.members(group),
        groups.of(group, codes),
        new Progress(
            arrivals.stream().mapToLong(Progress::processed).sum(),
            arrivals.stream().mapToLong(Progress::left).sum()));
  }

  private static boolean looksForCopies(Generations known, Generation generation) {
    @Nullable MatchSettings agreed = known.settings().get(generation.getId());
    return agreed != null && agreed.getCopies();
  }

  /// Waits until a generation has reported all pairs that it is to report: encoders of its network
  /// have come to the last cut, and its index has processed what they have written.
  ///
  /// @return null where that is so; else what it did not come past within the limit
  /// @throws StartException where Kafka does not answer
  public @Nullable String awaitReported(Generations known, Generation generation, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<Long> cut =
        known.cuts().isEmpty() ? List.of() : known.cuts().getLast().getImagesOffsetsList();
    if (!isPast(encoders(generation), topics.images(), cut, deadline)) {
      return topics.images();
    }
    // What is processed of one goes to the next, so that is looked at afterwards.
    for (Step step : steps(known, generation)) {
      if (!isPast(step.group(), step.topic(), groups.ends(step.topic()), deadline)) {
        return step.topic();
      }
    }
    return null;
  }

  /// A topic on the way from codes to events, and who processes it.
  private record Step(String group, String topic) {}

  private List<Step> steps(Generations known, Generation generation) {
    IndexNames names = names(known, generation);
    String index = names.applicationId();
    String codes = topics.imageCodes(generation.getNetwork());
    List<Step> steps =
        new ArrayList<>(
            List.of(
                new Step(index, codes),
                new Step(index, names.codePlacements()),
                new Step(index, names.probes())));
    if (looksForCopies(known, generation)) {
      steps.add(new Step(topics.landmarksGroup(generation.getNetwork()), codes));
      steps.add(new Step(index, topics.imageLandmarks(generation.getNetwork())));
      steps.add(new Step(index, names.landmarkProbes()));
      steps.add(new Step(topics.verifyGroup(), topics.copyCandidates()));
    }
    return steps;
  }

  private boolean isPast(String group, String topic, List<Long> before, long deadline)
      throws InterruptedException {
    while (!groups.isPast(group, topic, before)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Thread.sleep(RETRY);
    }
    return true;
  }

  private String encoders(Generation generation) {
    return topics.prefix() + "encoder-" + Topics.shortId(generation.getNetwork());
  }

  /// The index instances that run, of all generations that are kept, as far as they say so.
  ///
  /// @throws StartException where Kafka does not answer
  public List<IndexMember> running(Generations known) {
    List<IndexMember> running = new ArrayList<>();
    for (Generation generation : known.byId().values()) {
      Set<String> clients = groups.clients(names(known, generation).applicationId());
      known.members().values().stream()
          .filter(member -> member.getGeneration().equals(generation.getId()))
          .filter(member ->
              clients.stream().anyMatch(client -> client.startsWith(member.getClient() + "-")))
          .forEach(running::add);
    }
    return running;
  }

  /// The hosts of the instances that work on a generation.
  ///
  /// @throws StartException where Kafka does not answer
  public SortedSet<String> hosts(Generations known, Generation generation) {
    return groups.hosts(names(known, generation).applicationId());
  }

  /// Waits until no instance works on a generation.
  ///
  /// @return the hosts of those that do when the limit is over; empty where none does
  /// @throws StartException where Kafka does not answer
  public SortedSet<String> awaitStopped(Generations known, Generation generation, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    SortedSet<String> left = hosts(known, generation);
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      Thread.sleep(RETRY);
      left = hosts(known, generation);
    }
    return left;
  }

  /// Removes what the index of a generation has on Kafka: its topics, its consumer group, and those
  /// of its network where no other generation has that. Instances that run delete its state
  /// themselves, others when they start again.
  ///
  /// @return the names of the topics that were removed
  /// @throws StartException where Kafka does not take it
  public SortedSet<String> remove(Generations known, Generation generation) {
    SortedSet<String> removed = new TreeSet<>();
    for (IndexNames names : runs(known, generation)) {
      String group = names.applicationId();
      removed.addAll(
          removal.topics(topic ->
              topic.startsWith(group + "-")
                  && topic.endsWith("-changelog")
                  // Not those of a later run, whose name begins with that of the first.
                  && !Character.isDigit(topic.charAt(group.length() + 1))));
      removed.addAll(
          removal.topics(
              Set.of(
                      names.codePlacements(),
                      names.probes(),
                      names.landmarkProbes(),
                      names.groupMessages(),
                      names.reported())
                  ::contains));
      removal.group(group);
    }
    String network = generation.getNetwork();
    boolean isUsed =
        known.byId().values().stream()
            .anyMatch(other ->
                !other.getId().equals(generation.getId()) && other.getNetwork().equals(network));
    if (!isUsed) {
      removed.addAll(
          removal.topics(
              Set.of(
                      topics.imageCodes(network),
                      topics.thumbnails(network),
                      topics.imageLandmarks(network))
                  ::contains));
      for (String group : List.of(encoders(generation), topics.landmarksGroup(network))) {
        if (groups.members(group) == 0) {
          removal.group(group);
        }
      }
    }
    return removed;
  }

  private List<IndexNames> runs(Generations known, Generation generation) {
    int last = names(known, generation).run();
    return Stream.iterate(0, run -> run <= last, run -> run + 1)
        .map(run -> new IndexNames(topics, generation.getId(), run))
        .toList();
  }

  private IndexNames names(Generations known, Generation generation) {
    @Nullable MatchSettings agreed = known.settings().get(generation.getId());
    return new IndexNames(topics, generation.getId(), agreed == null ? 0 : agreed.getRun());
  }

  @Override
  public void close() {
    groups.close();
    removal.close();
  }
}
