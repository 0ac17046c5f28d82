package dev.mekiki.runtime.policy;

import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.hashing.policy.PolicyFilter;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.lifecycle.Threads;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ReadDecisions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows what people decide: reads the topics `mutes`, `verdicts` and `tenants` from their
/// beginning, on a thread of its own, until it is closed. The topics must exist.
///
/// A decision is in force as soon as its record was read. Where Kafka is away, or a read fails,
/// those read before stay in force; then, and where a topic was deleted and created again, all is
/// read anew and replaces them once the ends are reached. Records that cannot be used are left out,
/// counted and logged once. Thread-safe.
public final class PolicyFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PolicyFollower.class);

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaClients clients;
  private final Topics topics;
  private final SkippedRecords skipped;
  private final Keep keep;
  private final MeterRegistry meters;
  private final Component component;
  private final Thread thread;

  private final List<VerdictListener> listeners = new CopyOnWriteArrayList<>();
  private volatile Policies policies = Policies.NONE;
  private volatile @Nullable PolicyReader reading;
  private volatile @Nullable PolicyDetails details;

  /// Next offset of each topic; empty until the ends were reached. Guarded by this.
  private Map<String, Long> positions = Map.of();

  // Guarded by this.
  private String missing;
  private Map<String, Long> reached = Map.of();
  private long reachedNanos = System.nanoTime();
  private boolean ended;

  /// Hears which verdicts have changed, once they are in force, by the thread that reads.
  public interface VerdictListener {
    /// These verdicts were made, changed or withdrawn.
    void changed(Collection<VerdictId> verdicts);

    /// All were read from the beginning: any may have changed.
    void readAnew();
  }

  /// What a service needs of the decisions.
  public enum Keep {
    /// What matching asks for: some tens of megabytes for a million verdicts.
    DECISIONS,
    /// Who decided what, when and why, too; see {@link PolicyDetails}.
    DETAILS
  }

  /// Starts to read; returns at once.
  ///
  /// @param failures gets the component `policies`
  /// @param skipped counts records that are left out
  /// @param meters gets how much was decided, and the pairs that {@link #matchFilter} leaves out
  public static PolicyFollower start(
      KafkaClients clients,
      Topics topics,
      FailureOwner failures,
      SkippedRecords skipped,
      MeterRegistry meters,
      Keep keep) {
    return new PolicyFollower(clients, topics, failures, skipped, meters, keep);
  }

  /// Starts to read, and returns once everything was read that is there: for services that decide
  /// on pairs, and must not before.
  ///
  /// @param failures gets the component `policies`
  /// @param meters gets what is counted
  /// @throws StartException where nothing is read for a minute, or the thread is interrupted
  public static PolicyFollower startCaughtUp(
      KafkaClients clients, Topics topics, FailureOwner failures, MeterRegistry meters) {
    PolicyFollower follower =
        start(clients, topics, failures, new SkippedRecords(meters), meters, Keep.DECISIONS);
    try {
      follower.awaitCaughtUp(START_LIMIT);
      return follower;
    } catch (InterruptedException e) {
      follower.close();
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while reading policies", e);
    } catch (RuntimeException e) {
      follower.close();
      throw e;
    }
  }

  private PolicyFollower(
      KafkaClients clients,
      Topics topics,
      FailureOwner failures,
      SkippedRecords skipped,
      MeterRegistry meters,
      Keep keep) {
    this.clients = clients;
    this.topics = topics;
    this.skipped = skipped;
    this.meters = meters;
    this.keep = keep;
    this.missing = String.join(", ", PolicyReader.names(topics));
    this.component = failures.component("policies", FailurePolicy.standard(KafkaFailures::kind));
    gauge("mekiki.policy.mutes", "Mutes in force", follower -> follower.policies.mutes());
    gauge(
        "mekiki.policy.dismissed",
        "Dismissed pairs in force",
        follower -> follower.policies.dismissedPairs());
    this.thread = Thread.ofPlatform().daemon().name("policies").start(this::run);
  }

  private void gauge(String name, String description, ToDoubleFunction<PolicyFollower> value) {
    Gauge.builder(name, this, value).description(description).register(meters);
  }

  /// What is decided now: nothing until the ends were reached for the first time. One volatile
  /// read.
  public Policies policies() {
    return policies;
  }

  /// Reports all changes to a listener from now on.
  public void listen(VerdictListener listener) {
    listeners.add(listener);
  }

  /// Who decided what, when and why; empty until the ends were reached for the first time.
  ///
  /// @throws IllegalStateException where they are not kept
  public PolicyDetails details() {
    if (keep != Keep.DETAILS) {
      throw new IllegalStateException("details of decisions are not kept");
    }
    PolicyDetails now = details;
    return now == null ? new PolicyDetails() : now;
  }

  /// Leaves out pairs by their origins and by what is decided, for {@link
  /// dev.mekiki.hashing.match.MatchRule}, and counts them.
  public PairFilter matchFilter(OriginFilter origins) {
    return new CountedFilter(PolicyFilter.ofMatches(origins, this::policies), meters);
  }

  /// The same for {@link dev.mekiki.hashing.match.CopyRule}.
  public PairFilter copyFilter(OriginFilter origins) {
    return new CountedFilter(PolicyFilter.ofCopies(origins, this::policies), meters);
  }

  /// Whether everything was read that was there at the start.
  public synchronized boolean isCaughtUp() {
    return !positions.isEmpty();
  }

  /// Waits until everything was read that was there at the start, for as long as more is read: a
  /// million verdicts take some twenty seconds.
  ///
  /// @param limit how long nothing may be read
  /// @throws StartException naming what was not read, where nothing is for longer than that, or
  ///   this was closed or given up
  public void awaitCaughtUp(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    if (!await(() -> !positions.isEmpty(), () -> later(start, reachedNanos) + limit.toNanos())) {
      throw notCaughtUp(limit);
    }
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  private synchronized StartException notCaughtUp(Duration limit) {
    return new StartException(
        "policies: nothing was read for %d s, missing: %s%s (expected: topics that this client may read)"
            .formatted(
                limit.toSeconds(),
                missing,
                component
                    .lastFailure()
                    .map(failure -> "; last failure: " + BoundedText.message(failure))
                    .orElse("")));
  }

  /// Waits until a record was read, so that what it says is in force.
  ///
  /// @param topic one of the three
  /// @param offset of the record
  /// @return false where that takes longer than the limit, or this was closed
  public boolean awaitRead(String topic, long offset, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    return await(() -> positions.getOrDefault(topic, 0L) > offset, () -> deadline);
  }

  /// The same of all three topics.
  public boolean awaitRead(ReadDecisions read, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    return await(
        () ->
            positions.getOrDefault(topics.mutes(), 0L) >= read.getMutes()
                && positions.getOrDefault(topics.verdicts(), 0L) >= read.getVerdicts()
                && positions.getOrDefault(topics.tenants(), 0L) >= read.getTenants(),
        () -> deadline);
  }

  /// How far the topics were read of which {@link #policies} is in force, or somewhat less.
  public synchronized ReadDecisions readDecisions() {
    return ReadDecisions.newBuilder()
        .setMutes(positions.getOrDefault(topics.mutes(), 0L))
        .setVerdicts(positions.getOrDefault(topics.verdicts(), 0L))
        .setTenants(positions.getOrDefault(topics.tenants(), 0L))
        .build();
  }

  private synchronized boolean await(BooleanSupplier condition, LongSupplier deadline)
      throws InterruptedException {
    long left = deadline.getAsLong() - System.nanoTime();
    while (!condition.getAsBoolean() && !ended && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline.getAsLong() - System.nanoTime();
    }
    return condition.getAsBoolean();
  }

  private void run() {
    try {
      component.run(this::follow);
    } catch (ComponentFailedException e) {
      log.debug("Policies are given up", e);
    } catch (InterruptedException e) {
      component.close();
    } finally {
      end();
    }
  }

  private void follow() {
    try (PolicyReader reader = new PolicyReader(clients, topics)) {
      reading = reader;
      while (!component.isClosed()) {
        readFromBeginning(reader);
      }
    }
  }

  /// Returns where a topic was created anew, or this is closed.
  private void readFromBeginning(PolicyReader reader) {
    PolicyState state =
        new PolicyState(topics, skipped, keep == Keep.DETAILS ? new PolicyDetails() : null);
    Map<String, Long> ends = reader.rewind();
    boolean caughtUp = false;
    while (!component.isClosed()) {
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
        state.apply(record);
      }
      if (reader.isCreatedAnew()) {
        log.warn("Policy topic was deleted and created again, all are read from their beginning");
        return;
      }
      Map<String, Long> next = reader.positions();
      boolean isGoingOn = caughtUp;
      caughtUp = caughtUp || isCaughtUp(next, ends);
      List<VerdictId> judged = state.takeJudged();
      if (caughtUp) {
        publish(state, next);
        notifyListeners(isGoingOn, judged);
        component.progressed();
      }
    }
  }

  private void notifyListeners(boolean isGoingOn, List<VerdictId> judged) {
    for (VerdictListener listener : listeners) {
      if (!isGoingOn) {
        listener.readAnew();
      } else if (!judged.isEmpty()) {
        listener.changed(judged);
      }
    }
  }

  private synchronized boolean isCaughtUp(Map<String, Long> next, Map<String, Long> ends) {
    List<String> behind =
        ends.keySet().stream()
            .filter(topic -> next.getOrDefault(topic, 0L) < ends.getOrDefault(topic, 0L))
            .map(topic -> "%s (%d of %d)".formatted(topic, next.get(topic), ends.get(topic)))
            .sorted()
            .toList();
    missing = String.join(", ", behind);
    if (!next.equals(reached)) {
      reached = next;
      reachedNanos = System.nanoTime();
    }
    return behind.isEmpty();
  }

  private void publish(PolicyState state, Map<String, Long> next) {
    policies = state.policies();
    details = state.details();
    synchronized (this) {
      if (!positions.equals(next)) {
        if (positions.isEmpty()) {
          log.info(
              "Policies read mutes={} dismissed={}", policies.mutes(), policies.dismissedPairs());
        }
        positions = Map.copyOf(next);
        notifyAll();
      }
    }
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /// Wakes the reader up; whatever it throws then ends the thread, because it is closed.
  @Override
  public void close() {
    component.close();
    PolicyReader reader = reading;
    if (reader != null) {
      reader.wakeup();
    }
    Threads.join(thread);
  }
}
