package dev.mekiki.query.rematch;

import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.IndexClients;
import dev.mekiki.query.cluster.RoutingWatcher;
import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.runtime.kafka.PartitionEnds;
import dev.mekiki.runtime.lifecycle.Threads;
import dev.mekiki.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works on the job that is active, if this process is the one of all query services that does: the
/// one that is given the partition of `rematch` by their consumer group. Should two believe so, the
/// later one to begin ends the other's writing. On a thread of its own, until it is closed.
public final class RematchRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RematchRunner.class);

  private static final Duration IDLE_POLL = Duration.ofMillis(200);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
  private static final Duration READ_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final KafkaClients clients;
  private final Topics topics;
  private final RematchLog jobs;
  private final Supplier<@Nullable GenerationGeometry> active;
  private final RoutingWatcher routing;
  private final IndexClients indexes;
  private final RematchMetrics metrics;
  private final Component component;
  private final Thread thread;
  private volatile @Nullable RematchJob working;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

  /// Starts; returns at once.
  ///
  /// @param jobs what is asked for
  /// @param active the active generation, null until there is one
  /// @param routing who hosts what
  /// @param indexes calls to index instances
  /// @param failures gets the component `rematch`
  /// @param meters gets what is done
  public static RematchRunner start(
      KafkaClients clients,
      Topics topics,
      RematchLog jobs,
      Supplier<@Nullable GenerationGeometry> active,
      RoutingWatcher routing,
      IndexClients indexes,
      FailureOwner failures,
      MeterRegistry meters) {
    RematchRunner runner =
        new RematchRunner(clients, topics, jobs, active, routing, indexes, failures, meters);
    runner.thread.start();
    return runner;
  }

  private RematchRunner(
      KafkaClients clients,
      Topics topics,
      RematchLog jobs,
      Supplier<@Nullable GenerationGeometry> active,
      RoutingWatcher routing,
      IndexClients indexes,
      FailureOwner failures,
      MeterRegistry meters) {
    this.clients = clients;
    this.topics = topics;
    this.jobs = jobs;
    this.active = active;
    this.routing = routing;
    this.indexes = indexes;
    this.metrics = new RematchMetrics(meters, () -> working != null);
    this.component = failures.component("rematch", FailurePolicy.standard(KafkaFailures::kind));
    this.thread = Thread.ofPlatform().daemon().name("rematch").unstarted(this::run);
  }

  private void run() {
    try {
      component.run(this::work);
    } catch (InterruptedException | ComponentFailedException e) {
      log.debug("Rematch runner has ended", e);
    }
  }

  private void work() throws InterruptedException {
    Map<String, Object> properties = clients.consumer(topics.rematch());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    KafkaConsumer<byte[], byte[]> member =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer = member;
    try {
      member.subscribe(List.of(topics.rematch()));
      while (!component.isClosed()) {
        turn(member);
        component.progressed();
      }
    } catch (WakeupException e) {
      log.debug("Rematch runner was woken up", e);
    } finally {
      consumer = null;
      drop();
      member.close(CloseOptions.timeout(CLOSE_LIMIT));
    }
  }

  private void turn(KafkaConsumer<byte[], byte[]> member) throws InterruptedException {
    // Its records are read by the log; this one is a member for the partition alone.
    var _ = member.poll(working == null ? IDLE_POLL : Duration.ZERO);
    RematchState.@Nullable Job asked = jobs.state().active();
    RematchJob job = working;
    if (member.assignment().isEmpty() || asked == null) {
      drop();
      return;
    }
    if (job != null && !job.id().equals(asked.id())) {
      drop();
      job = null;
    }
    try {
      if (job == null) {
        job = begin();
        working = job;
      }
      if (job != null && !job.step(cancelledBy(job.id()))) {
        log.info("Rematch ended {}", job);
        awaitEnd(job.id());
        drop();
      }
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      log.info("Another query service goes on with the rematch", e);
      drop();
    }
  }

  private @Nullable String cancelledBy(String id) {
    RematchState.Job asked = jobs.state().active();
    return asked != null && asked.id().equals(id) ? asked.cancelledBy() : null;
  }

  /// Ends what others write, and goes on from the last that they have.
  ///
  /// @return null where nothing is left to do
  private @Nullable RematchJob begin() throws InterruptedException {
    RematchWriter writer = RematchWriter.open(clients, topics);
    try {
      long end;
      try (PartitionEnds ends = new PartitionEnds(clients)) {
        end = ends.ends(topics.rematch()).getFirst();
      }
      RematchState.Job asked = jobs.awaitRead(end, READ_LIMIT) ? jobs.state().active() : null;
      if (asked == null) {
        writer.close();
        return null;
      }
      log.info("Rematch begins or goes on id={} images={}", asked.id(), asked.view().getImages());
      return new RematchJob(
          asked,
          active,
          this::partitions,
          (geometry, rules) ->
              new Preparation(clients, topics, geometry, () -> partitions(geometry), rules),
          (geometry, view, prepared, progress) ->
              new CopyPass(geometry, this::partitions, clients, topics, view, prepared, progress),
          writer,
          metrics,
          component::pause);
    } catch (RuntimeException | InterruptedException e) {
      writer.close();
      throw e;
    }
  }

  private StoredPartitions partitions(GenerationGeometry geometry) {
    return new StoredPartitions(
        routing.view().of(geometry.id()), indexes, Deadline.after(CALL_LIMIT));
  }

  /// Waits until the log has read that a job has ended, so that it is not begun again.
  private void awaitEnd(String id) throws InterruptedException {
    long deadline = System.nanoTime() + READ_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      RematchState.Job asked = jobs.state().active();
      if (asked == null || !asked.id().equals(id)) {
        return;
      }
      component.pause(Duration.ofMillis(20));
    }
  }

  private void drop() {
    RematchJob job = working;
    if (job != null) {
      working = null;
      job.close();
    }
  }

  @Override
  public void close() {
    component.close();
    KafkaConsumer<byte[], byte[]> member = consumer;
    if (member != null) {
      member.wakeup();
    }
    Threads.joinWithin(thread, CLOSE_LIMIT);
  }
}
