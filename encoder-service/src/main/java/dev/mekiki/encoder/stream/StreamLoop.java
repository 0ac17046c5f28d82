package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.commit.CodeWriter;
import dev.mekiki.encoder.decode.RecordEncoder;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.kafka.TopicIdentity;
import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stream from `images` to codes: polls, hands records to the decoder threads, and commits what
/// they and the network have finished.
///
/// One thread owns consumer and producer; it never decodes and never waits for the network.
/// Committing on it as well, rather than on a third thread, keeps three things true by
/// construction: the group membership sent with the offsets is the current one, no transaction is
/// open while partitions are taken away, and seeking back after a failure meets no other use of the
/// consumer.
///
/// Exactly once: a transaction takes, of each partition, only the finished records that no
/// unfinished one precedes, so that offsets never pass a record that is still in flight. After any
/// failure all work is dropped, the transaction ended and every partition sought back to its
/// committed offset.
///
/// Its {@link Component} owns its failures: they are retried, or the service ends.
///
/// Life: start -> (assigned <-> rewinding) -> closed, or given up.
public final class StreamLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamLoop.class);

  /// With work in flight the loop must soon notice that it is done; without, Kafka ends the poll.
  private static final Duration BUSY_POLL = Duration.ofMillis(2);

  private static final Duration IDLE_POLL = Duration.ofMillis(200);

  /// How often is looked whether the topic is still the same one.
  private static final Duration IDENTITY_INTERVAL = Duration.ofSeconds(30);

  private static final Duration FINISH_LIMIT = Duration.ofSeconds(5);

  /// Rewinds in a row for a change in the group before they count as failures.
  private static final int MAX_GROUP_CHANGES = 3;

  private final Settings settings;
  private final RecordEncoder recordEncoder;
  private final BatchEncoder batches;
  private final EncoderMetrics metrics;
  private final AssignedShare share;
  private final Component component;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final SingleReader singleReader;
  private final TopicIdentity topicIdentity;
  private final CodeWriter writer;
  private final ExecutorService decoders;
  private final Thread thread;

  // Owned by the loop's thread.
  private final InFlight inFlight = new InFlight();
  private final Backpressure backpressure;
  private final StreamFailures failures = new StreamFailures();
  private final Commits commits;
  private final LagMeasurement lag;
  private int groupChanges;
  private @Nullable Throwable failure;

  private volatile boolean ready;
  private volatile boolean closing;

  /// How the loop runs.
  ///
  /// @param topic `images`
  /// @param decoders threads that decode
  /// @param maxDelay how long a finished record may wait for others to share a transaction with
  /// @param maxInFlight records in flight beyond which partitions are paused
  /// @param maxInFlightBytes bytes of them
  public record Settings(
      String topic, int decoders, Duration maxDelay, int maxInFlight, long maxInFlightBytes) {}

  /// How it reaches Kafka.
  ///
  /// @param consumer properties of a consumer in the encoder's group
  /// @param reader properties of a consumer without a group
  /// @param admin properties of an admin client
  public record Clients(
      Map<String, Object> consumer, Map<String, Object> reader, Map<String, Object> admin) {}

  /// @param component owns the loop's failures; closed with the loop
  public StreamLoop(
      Settings settings,
      Clients clients,
      CodeWriter writer,
      RecordEncoder recordEncoder,
      BatchEncoder batches,
      EncoderMetrics metrics,
      Component component) {
    this.settings = settings;
    this.recordEncoder = recordEncoder;
    this.batches = batches;
    this.metrics = metrics;
    this.component = component;
    this.writer = writer;
    this.commits = new Commits(inFlight, writer, metrics, settings.maxDelay());
    this.lag = new LagMeasurement(metrics);
    this.share = new AssignedShare(settings.topic(), metrics);
    this.backpressure = new Backpressure(settings.maxInFlight(), settings.maxInFlightBytes());
    this.consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.singleReader = new SingleReader(clients.reader());
    this.topicIdentity =
        new TopicIdentity(
            Admin.create(clients.admin()), List.of(settings.topic()), IDENTITY_INTERVAL);
    this.decoders =
        Executors.newFixedThreadPool(
            settings.decoders(),
            Thread.ofPlatform().daemon().name("mekiki-encoder-decode-", 0).factory());
    this.thread = Thread.ofPlatform().name("mekiki-encoder-stream").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// True while the loop has its assignment (none, where others have all partitions) and works.
  public boolean isReady() {
    return ready;
  }

  /// Finishes and commits what is in flight within 5 s, leaves the group and ends the threads.
  @Override
  public void close() {
    component.close();
    closing = true;
    consumer.wakeup();
    Threads.join(thread);
    decoders.shutdownNow();
  }

  private void run() {
    try {
      boolean _ = topicIdentity.refresh();
      open();
      consumer.subscribe(List.of(settings.topic()), new Rebalancing());
      while (!closing) {
        pollOnce();
      }
      finish(consumer.assignment());
    } catch (WakeupException e) {
      finish(consumer.assignment());
    } catch (ComponentFailedException e) {
      log.debug("Stream is given up, as its owner has reported", e);
    } catch (InterruptedException | RuntimeException | Error e) {
      component.died(e);
    } finally {
      ready = false;
      closeClients();
    }
  }

  private void pollOnce() throws InterruptedException {
    if (failure != null) {
      recover(failure);
    }
    ConsumerRecords<byte[], byte[]> records = poll();
    if (failure != null) {
      // The poll failed, or a commit while partitions were taken away: all is read again.
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      dispatch(record);
    }
    metrics.inFlight(inFlight.records());
    backpressure.apply(consumer, inFlight);
    // Fetching is ended by its own limit, and a slow server is no reason to end the process.
    component.workWaits(
        (!inFlight.isEmpty() && !recordEncoder.isFetching())
            || component.lastFailure().isPresent());
    if (lag.measure(consumer) && inFlight.isEmpty()) {
      // Nothing left to do: that ends a failure, too.
      component.progressed();
    }
    if (topicIdentity.hasChanged()) {
      startAnew();
    }
    try {
      if (commits.isDue()) {
        commit();
      }
    } catch (KafkaException e) {
      failure = e;
    }
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(inFlight.isEmpty() ? IDLE_POLL : BUSY_POLL);
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException | OutOfMemoryError e) {
      if (!StreamFailures.isUnreadable(e)) {
        failure = e;
      } else if (inFlight.isEmpty()) {
        readSingly(e);
      } else {
        // Memory may suffice when less is in flight.
        backpressure.drain();
      }
      return ConsumerRecords.empty();
    }
  }

  /// Reads one record of each partition, and passes over those that cannot be read.
  private void readSingly(Throwable cause) {
    log.warn(
        "Poll failed because of a record, reading one by one topic={}", settings.topic(), cause);
    try {
      boolean moved = singleReader.readPast(consumer, this::dispatch, this::passOver);
      if (!moved) {
        failure = cause;
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      failure = e;
    }
  }

  private void passOver(TopicPartition partition, long offset) {
    inFlight.add(Work.unreadable(partition.topic(), partition.partition(), offset));
  }

  private void dispatch(ConsumerRecord<byte[], byte[]> record) {
    Work work = new Work(record, topicIdentity.id(settings.topic()));
    inFlight.add(work);
    batches.expect();
    decoders.execute(() -> recordEncoder.run(work, decoders));
  }

  private void commit() {
    if (commits.commit(consumer.groupMetadata())) {
      groupChanges = 0;
      component.progressed();
    }
  }

  /// Waits a while for what is in flight in the given partitions, then commits what is finished.
  private void finish(Collection<TopicPartition> leaving) {
    if (failure != null) {
      return;
    }
    long deadline = System.nanoTime() + FINISH_LIMIT.toNanos();
    while (inFlight.isUnfinished(leaving) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(BUSY_POLL.toNanos());
    }
    try {
      int before;
      do {
        before = inFlight.records();
        commit();
      } while (inFlight.records() < before);
    } catch (KafkaException e) {
      failure = e;
    }
  }

  /// Drops all work, ends the transaction, and seeks every partition back to its committed offset.
  private void recover(Throwable cause) throws InterruptedException {
    ready = false;
    metrics.rewinds.increment();
    if (failures.isFatal(cause)) {
      throw StreamFailures.fatal(cause);
    }
    commits.dropAll();
    if (StreamFailures.isGroupChange(cause) && groupChanges < MAX_GROUP_CHANGES) {
      groupChanges++;
      log.info(
          "Group changed while committing, work is done anew topic={} reason={}",
          settings.topic(),
          cause.getMessage());
    } else {
      component.pause(component.failed(cause));
    }
    open();
    retried(this::rewind);
  }

  /// Opens the writer, however long Kafka is away.
  private void open() throws InterruptedException {
    retried(writer::reopen);
    failure = null;
  }

  private void retried(Runnable attempt) throws InterruptedException {
    while (!closing) {
      try {
        attempt.run();
        return;
      } catch (WakeupException e) {
        throw e;
      } catch (KafkaException e) {
        component.pause(component.failed(e));
      }
    }
  }

  private void rewind() {
    Set<TopicPartition> assignment = consumer.assignment();
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assignment);
    for (TopicPartition partition : assignment) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, offset);
      }
    }
    consumer.resume(assignment);
    ready = true;
  }

  /// Reads a topic that was deleted and created again from its beginning: what was read of it so
  /// far may have begun at an offset of its predecessor.
  private void startAnew() {
    log.warn(
        "Topic was deleted and created again, it is read from its beginning topic={} id={}",
        settings.topic(),
        topicIdentity.id(settings.topic()));
    metrics.topicRecreations.increment();
    commits.dropAll();
    consumer.seekToBeginning(consumer.assignment());
  }

  private void closeClients() {
    try {
      consumer.close(CloseOptions.timeout(FINISH_LIMIT));
    } catch (KafkaException e) {
      log.warn("Encoder could not leave its group topic={}", settings.topic(), e);
    }
    writer.close();
    topicIdentity.close();
  }

  /// Called by the consumer inside {@link KafkaConsumer#poll} and close, on the loop's thread.
  private final class Rebalancing implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      share.assigned(assigned, consumer.assignment());
      if (!assigned.isEmpty() && topicIdentity.refresh()) {
        startAnew();
      }
      ready = !closing;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      if (revoked.isEmpty()) {
        return;
      }
      finish(revoked);
      inFlight.drop(revoked);
      share.revoked(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      // Others have them already: nothing of theirs may be committed here.
      inFlight.drop(lost);
      share.lost(lost);
    }
  }
}
