package dev.mekiki.index;

import dev.mekiki.index.generations.IndexMemory;
import dev.mekiki.index.lifecycle.StateDirectory;
import dev.mekiki.index.server.RoutingWatch;
import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.Generations;
import dev.mekiki.runtime.generation.GenerationsReader;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.schemas.v1.Generation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an instance for each generation that is kept beside the active one: those that are
/// prepared, and those that were active before a cut. They come and go with the records on
/// `generations`. Where the generation of the instance that was started is retired, that gives it
/// up.
///
/// What goes wrong with one of them is logged and tried again; the instance that was started goes
/// on whatever happens here.
final class BesideIndexes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BesideIndexes.class);

  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(8);

  /// Before an instance that could not start, or has failed, is tried again.
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final IndexConfig config;
  private final boolean isFollowing;
  private final GenerationsReader generations;
  private final Own own;
  private final RoutingWatch routing;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("index-beside").daemon().factory());
  private final Map<String, IndexService> running = new ConcurrentHashMap<>();
  private final Map<String, Long> notBefore = new HashMap<>();
  private boolean hasGivenUp;
  private volatile @Nullable String active;
  private volatile boolean isClosed;

  /// The instance that was started.
  ///
  /// @param generation that it serves
  /// @param images number of images in it
  /// @param giveUp ends its work on the generation; takes what says whether the instances beside it
  ///   do the work of the process
  record Own(
      String generation,
      StateDirectory state,
      LongSupplier images,
      Consumer<BooleanSupplier> giveUp) {}

  /// @param isFollowing whether instances are started for other generations
  /// @param routing of the instance that was started, which names those beside it
  BesideIndexes(
      IndexConfig config,
      boolean isFollowing,
      GenerationsReader generations,
      Own own,
      RoutingWatch routing) {
    this.config = config;
    this.isFollowing = isFollowing;
    this.generations = generations;
    this.own = own;
    this.routing = routing;
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      follow(generations.get());
    } catch (KafkaException e) {
      log.debug("Generations cannot be read now", e);
    } catch (RuntimeException e) {
      log.error("Generations beside the active one are not followed now and tried again", e);
    }
  }

  private void follow(Generations known) {
    @Nullable Generation now = known.active();
    active = now == null ? null : now.getId();
    if (!hasGivenUp && isRetired(own.generation(), known)) {
      log.info("Generation was retired and is given up generation={}", own.generation());
      hasGivenUp = true;
      own.giveUp().accept(this::isActiveReady);
    }
    Set<String> wanted =
        known.byId().values().stream()
            .filter(_ -> isFollowing)
            .filter(generation -> generation.getState() != Generation.State.ENDING)
            .filter(generation -> isWanted(generation, known))
            .map(Generation::getId)
            .filter(id -> hasGivenUp || !id.equals(own.generation()))
            .collect(Collectors.toSet());
    for (String id : Set.copyOf(running.keySet())) {
      @Nullable IndexService instance = running.get(id);
      if (instance == null) {
        continue;
      }
      boolean hasFailed = instance.failure().toCompletableFuture().isDone();
      if (hasFailed || !wanted.contains(id)) {
        log.info("Instance beside this one ends generation={} failed={}", id, hasFailed);
        running.remove(id);
        publish();
        instance.close();
        tryLater(id);
      }
    }
    deleteUnneeded(known);
    wanted.stream().filter(id -> !running.containsKey(id)).sorted().forEach(this::start);
  }

  /// Whether a generation is being removed, or is gone while another one is active.
  static boolean isRetired(String id, Generations known) {
    @Nullable Generation generation = known.byId().get(id);
    return generation == null
        ? known.active() != null && !known.isActive(id)
        : generation.getState() == Generation.State.ENDING;
  }

  private boolean isWanted(Generation generation, Generations known) {
    return known.isBuiltBeside(generation) || (hasGivenUp && known.isActive(generation.getId()));
  }

  /// Whether an instance here does the work for the active generation.
  private boolean isActiveReady() {
    @Nullable String id = active;
    @Nullable IndexService instance = id == null ? null : running.get(id);
    return instance != null && instance.isReady();
  }

  /// Deletes the state of generations that were retired, here or while this process was away.
  private void deleteUnneeded(Generations known) {
    if (hasGivenUp || known.byId().containsKey(own.generation())) {
      List<String> deleted =
          own.state()
              .deleteAll(file ->
                  IndexNames.isOfUnkept(config.topics().names(), file, known.byId().keySet()));
      if (!deleted.isEmpty()) {
        log.info("State of retired generations deleted files={}", deleted);
      }
    }
  }

  private void start(String id) {
    Long earliest = notBefore.get(id);
    if (earliest != null && System.nanoTime() - earliest < 0) {
      return;
    }
    try {
      int others = running.size() + (hasGivenUp ? 0 : 1);
      checkMemory(
          id, others + 1, images(), config.match().copies(), Runtime.getRuntime().maxMemory());
      IndexRole role = IndexRole.beside(config, id, own.state());
      IndexService instance = IndexStart.start(config, role, Preconditions.check(config, role));
      if (isClosed) {
        instance.close();
        return;
      }
      running.put(id, instance);
      publish();
      log.info("Instance beside this one started generation={} own={}", id, own.generation());
    } catch (StartException | KafkaException e) {
      log.warn(
          "Generation cannot be served beside the active one, and is tried again generation={}"
              + " reason={}",
          id,
          e.getMessage());
      tryLater(id);
    }
  }

  /// Images that a generation has here, by the one that has most.
  private long images() {
    return Math.max(
        own.images().getAsLong(),
        running.values().stream().mapToLong(IndexService::images).max().orElse(0));
  }

  /// @param count of the generations in this process
  /// @param images of a generation in it
  /// @param copies whether copies are looked for
  /// @param heap most bytes of it
  /// @throws StartException where the search structures would not fit into the heap
  static void checkMemory(String id, int count, long images, boolean copies, long heap) {
    long needed = count * images * IndexMemory.imageBytes(copies);
    if (needed > IndexMemory.allowed(heap)) {
      throw new StartException(
          ("generation %s would not fit beside the others: %d generations x %,d images here x %d bytes ="
                  + " %,d bytes (expected: %s; give the process more heap, start more index instances,"
                  + " or serve the generation by processes of its own with `mekiki index --generation`)")
              .formatted(
                  id,
                  count,
                  images,
                  IndexMemory.imageBytes(copies),
                  needed,
                  IndexMemory.allowedOf(heap)));
    }
  }

  private void tryLater(String id) {
    notBefore.put(id, System.nanoTime() + RETRY.toNanos());
  }

  private void publish() {
    routing.beside(running.values().stream().map(IndexService::advertised).toList());
  }

  /// Ends the instances.
  @Override
  public void close() {
    ReverseCloser closing = new ReverseCloser();
    isClosed = true;
    thread.shutdown();
    try {
      // A start cannot be broken off; what it starts is closed by it.
      if (!thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("An instance beside this one still starts");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.values().forEach(closing::add);
    closing.close();
  }
}
