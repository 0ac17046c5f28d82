package dev.mekiki.runtime.generation;

import com.google.protobuf.Timestamp;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.lifecycle.Threads;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import dev.mekiki.schemas.v1.MatchSettings;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The generations on the topic `generations`, and which of them is active: the one whose ACTIVE
/// record is the last. The topic must exist. Thread-safe; calls block on Kafka.
///
/// Beside each generation stands what the instances of its index have agreed on.
///
/// Announcing and agreeing are atomic: where two do it at once, the later one ends the attempt of
/// the earlier one, which then looks again at what is there.
///
/// Records that cannot be generations are left out, counted and logged once: undecodable values,
/// keys that are not the generation's id, centers and partitions that do not fit together.
public final class GenerationRegistry {
  private static final Logger log = LoggerFactory.getLogger(GenerationRegistry.class);

  private static final Duration READ_LIMIT = Duration.ofSeconds(60);
  private static final Duration WATCH_POLL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final KafkaClients clients;
  private final Topics topics;
  private final SkippedRecords skipped;

  /// A registry whose skipped records are logged, but counted nowhere: for short-lived readers.
  public GenerationRegistry(KafkaClients clients, Topics topics) {
    this(clients, topics, new SkippedRecords(new CompositeMeterRegistry()));
  }

  /// @param skipped counts the records that are left out
  public GenerationRegistry(KafkaClients clients, Topics topics, SkippedRecords skipped) {
    this.clients = clients;
    this.topics = topics;
    this.skipped = skipped;
  }

  /// The given generation with its id: the content hash of network, centers with labels and
  /// routing, 64 hexadecimal digits. Name of the bundle, state and times do not count.
  public static Generation identified(Generation generation) {
    return generation.toBuilder().setId(ContentHash.of(generation)).build();
  }

  /// The active generation, if there is one.
  public Optional<Generation> active() {
    return Optional.ofNullable(read().active());
  }

  /// What the topic says now.
  ///
  /// @throws KafkaException where it cannot be read within a minute
  public Generations read() {
    try (GenerationReader reader = reader()) {
      return reader.toEnd(READ_LIMIT);
    }
  }

  /// The active generation, waited for.
  ///
  /// @param limit how long to wait
  /// @throws StartException where none is active by then, or the topic cannot be read
  public Generation awaitActive(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    String reason = "";
    do {
      try (GenerationReader reader = reader()) {
        Generation active = reader.toEnd(READ_LIMIT).active();
        while (active == null && System.nanoTime() < deadline) {
          checkNotInterrupted();
          boolean _ = reader.next(WATCH_POLL.dividedBy(10));
          active = reader.active();
        }
        if (active != null) {
          return active;
        }
      } catch (KafkaException e) {
        checkNotInterrupted();
        if (KafkaFailures.kind(e) == FailureKind.FAULT) {
          throw new StartException(
              "%s cannot be read: %s (expected: a topic that this client may read)"
                  .formatted(topics.generations(), BoundedText.message(e)),
              e);
        }
        reason = "; last failure: " + BoundedText.message(e);
        FencedUpdate.sleep(RETRY);
      }
    } while (System.nanoTime() < deadline);
    throw new StartException(
        ("no generation is active on %s after %d s%s (expected: an encoder service, which announces"
                + " one; start it with `mekiki encoder`)")
            .formatted(topics.generations(), limit.toSeconds(), reason));
  }

  /// A generation that is kept, whether it is active or not.
  ///
  /// @param id of it, or the first digits of its id
  /// @throws StartException where none or several begin so
  public Generation find(String id) {
    Generations known = read();
    List<Generation> found = known.startingWith(id);
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new StartException(
        "generation: '%s' names %d generations (expected: the first digits of one of %s)"
            .formatted(
                BoundedText.quote(id),
                found.size(),
                known.byId().keySet().stream().map(Topics::shortId).toList()));
  }

  /// Makes a generation the active one if none is, or if it is to replace another.
  ///
  /// @param generation a generation as {@link #identified} makes it
  /// @param replace retire another active generation rather than leave it
  /// @throws StartException where Kafka does not take the announcement, or the generation is to
  ///   replace one beside which it is kept
  public Announcement announce(Generation generation, boolean replace) {
    return announcer().run("generation", writer -> announce(generation, replace, writer));
  }

  /// Steps that decide which generation is active, one at a time.
  FencedUpdate announcer() {
    return new FencedUpdate(clients, topics.generations(), topics.generations() + "-announcer");
  }

  private Announcement announce(Generation generation, boolean replace, FencedUpdate.Writer writer)
      throws FencedUpdate.CommitInDoubtException {
    Generations known = read();
    Optional<Generation> active = Optional.ofNullable(known.active());
    if (active.isPresent() && active.get().getId().equals(generation.getId())) {
      return new Announcement.AlreadyActive(active.get());
    }
    if (active.isPresent() && !replace) {
      return known.byId().values().stream()
          .filter(kept -> kept.getNetwork().equals(generation.getNetwork()))
          .filter(known::isBuiltBeside)
          .findFirst()
          .<Announcement>map(Announcement.EncodesFor::new)
          .orElseGet(() -> new Announcement.OtherActive(active.get()));
    }
    @Nullable Generation kept = known.byId().get(generation.getId());
    if (active.isPresent() && kept != null && known.isBuiltBeside(kept)) {
      throw new StartException(
          ("generation %s is kept beside the active one (expected: `mekiki generation activate %s`,"
                  + " which reports no pair twice, and not --reindex)")
              .formatted(kept.getId(), Topics.shortId(kept.getId())));
    }
    Generation announced =
        generation.toBuilder().setState(Generation.State.ACTIVE).setActivatedTime(now()).build();
    Map<String, Generation> records = new LinkedHashMap<>();
    active.ifPresent(old ->
        records.put(old.getId(), old.toBuilder().setState(Generation.State.RETIRED).build()));
    records.put(announced.getId(), announced);
    writer.commit(records);
    return new Announcement.Activated(announced);
  }

  /// What decides what is recorded as the settings of a generation's index.
  public interface SettingsDecision {
    /// What is to be recorded; the same leaves it.
    ///
    /// @param recorded what is recorded now, null for nothing
    /// @param beginning how the index is begun where nothing is recorded
    MatchSettings of(@Nullable MatchSettings recorded, Generations.Beginning beginning);
  }

  /// Agrees with all other index instances on the settings of a generation's index: looks at what
  /// is recorded and records something else where that is decided, as one atomic step.
  ///
  /// @param decision may be asked again; what it throws is passed on
  /// @return what is recorded now
  /// @throws StartException where Kafka does not take it
  public MatchSettings agree(String generation, SettingsDecision decision) {
    return new FencedUpdate(clients, topics.generations(), topics.generations() + "-settings")
        .run(
            "match settings",
            writer -> {
              Generations known = read();
              @Nullable MatchSettings recorded = known.settings().get(generation);
              MatchSettings decided = decision.of(recorded, known.beginning(generation));
              if (!decided.equals(recorded)) {
                writer.commit(Map.of(GenerationReader.settingsKey(generation), decided));
              }
              return decided;
            });
  }

  /// Records what others need to know of an index instance, unless it is recorded.
  ///
  /// @throws StartException where Kafka does not take it
  /// @throws KafkaException where the topic cannot be read
  public void announce(IndexMember member) {
    boolean _ =
        new FencedUpdate(clients, topics.generations(), topics.generations() + "-settings")
            .run(
                "index instance",
                writer -> {
                  if (!member.equals(read().members().get(member.getClient()))) {
                    writer.commit(Map.of(GenerationReader.memberKey(member.getClient()), member));
                  }
                  return true;
                });
  }

  /// Calls the listener with the active generation as soon as there is one and with each that
  /// becomes active after it, on a thread of its own, until the returned handle is closed. Failures
  /// are retried, and belong to the owner.
  ///
  /// @param failures gets the component `generation-watch`
  public AutoCloseable watch(FailureOwner failures, Consumer<Generation> listener) {
    return new Watch(
        failures.component("generation-watch", FailurePolicy.standard(KafkaFailures::kind)),
        listener);
  }

  /// A running watch.
  private final class Watch implements AutoCloseable {
    private final Component component;
    private final Consumer<Generation> listener;
    private final Thread thread;
    private @Nullable Generation known;
    private volatile @Nullable GenerationReader reading;

    Watch(Component component, Consumer<Generation> listener) {
      this.component = component;
      this.listener = listener;
      this.thread = Thread.ofPlatform().daemon().name("generation-watch").start(this::run);
    }

    private void run() {
      try {
        component.run(this::follow);
      } catch (ComponentFailedException e) {
        log.debug("Watch of generations is given up topic={}", topics.generations(), e);
      } catch (InterruptedException e) {
        component.close();
      }
    }

    private void follow() {
      try (GenerationReader reader = reader()) {
        reading = reader;
        if (component.isClosed()) {
          return;
        }
        notice(reader.toEnd(READ_LIMIT).active());
        component.progressed();
        while (!component.isClosed()) {
          boolean _ = reader.next(WATCH_POLL);
          notice(reader.active());
        }
      }
    }

    private void notice(@Nullable Generation active) {
      Generation before = known;
      if (active != null && (before == null || !active.getId().equals(before.getId()))) {
        listener.accept(active);
        known = active;
      }
    }

    /// Wakes the reader up; whatever it throws then ends the watch, because it is closed.
    @Override
    public void close() {
      component.close();
      GenerationReader reader = reading;
      if (reader != null) {
        reader.wakeup();
      }
      Threads.join(thread);
    }
  }

  private GenerationReader reader() {
    return new GenerationReader(clients, topics, skipped);
  }

  private static void checkNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new StartException("interrupted while waiting for an active generation");
    }
  }

  static Timestamp now() {
    Instant now = Instant.now();
    return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }
}
