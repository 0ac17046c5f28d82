package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.batch.BatchEncoder;
import dev.mekiki.encoder.commit.CodeWriter;
import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
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
/// unfinished one precedes, so that offsets never pass a record that is still in the works. After
/// any failure all work is dropped, the transaction ended and every partition sought back to its
/// committed offset.
///
/// Life: start -> (assigned <-> rewinding) -> closed, or failed with a reason; see {@link
/// #termination}.
public final class StreamLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamLoop.class);

  /// With work in flight its end must be noticed soon; without, Kafka wakes the poll up.
  private static final Duration BUSY_POLL = Duration.ofMillis(2);

  private static final Duration IDLE_POLL = Duration.ofMillis(200);
  private static final Duration FINISH_LIMIT = Duration.ofSeconds(5);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
  private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);
  private static final int COMMIT_SIZE = 256;

  /// Two encoders with one instance id would fence each other for ever.
  private static final int FENCED_LIMIT = 3;

  private static final Duration FENCED_WITHIN = Duration.ofMinutes(1);

  private final Settings settings;
  private final RecordEncoder imageWork;
  private final BatchEncoder batches;
  private final EncoderMetrics metrics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final CodeWriter writer;
  private final ExecutorService decoders;
  private final CompletableFuture<Void> termination = new CompletableFuture<>();
  private final Thread thread;

  // Owned by the loop's thread.
  private final Map<TopicPartition, Deque<Work>> partitions = new HashMap<>();
  private final Deque<Instant> fenced = new ArrayDeque<>();
  private int inFlight;
  private long inFlightBytes;
  private long readySince;
  private boolean paused;
  private @Nullable Throwable failure;
  private Instant nextLag = Instant.EPOCH;

  private volatile boolean ready;
  private volatile boolean closing;

  /// How the loop runs.
  ///
  /// @param topic `images`
  /// @param decoders threads that decode
  /// @param maxDelay how long a finished record may wait for others to share a transaction with
  /// @param maxInFlight records in the works beyond which partitions are paused
  /// @param maxInFlightBytes bytes of them
  public record Settings(
      String topic, int decoders, Duration maxDelay, int maxInFlight, long maxInFlightBytes) {}

  /// @param consumerProperties of a consumer in the encoder's group
  public StreamLoop(
      Settings settings,
      Map<String, Object> consumerProperties,
      CodeWriter writer,
      RecordEncoder imageWork,
      BatchEncoder batches,
      EncoderMetrics metrics) {
    this.settings = settings;
    this.imageWork = imageWork;
    this.batches = batches;
    this.metrics = metrics;
    this.writer = writer;
    this.consumer =
        new KafkaConsumer<>(
            consumerProperties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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

  /// Completed when the loop has been closed; exceptionally with the reason where it stopped by
  /// itself.
  public CompletableFuture<Void> termination() {
    return termination.copy();
  }

  /// Finishes and commits what is in the works within 5 s, leaves the group and ends the threads.
  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    decoders.shutdownNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Throwable reason = null;
    try {
      open();
      consumer.subscribe(List.of(settings.topic()), new Rebalancing());
      while (!closing) {
        turn();
      }
      finish(partitions.keySet());
    } catch (WakeupException e) {
      finish(partitions.keySet());
    } catch (RuntimeException | Error e) {
      reason = e;
      log.error("Encoder stopped topic={}", settings.topic(), e);
    } finally {
      ready = false;
      closeClients();
    }
    if (reason == null) {
      termination.complete(null);
    } else {
      termination.completeExceptionally(reason);
    }
  }

  private void turn() {
    if (failure != null) {
      recover(failure);
    }
    ConsumerRecords<byte[], byte[]> records = consumer.poll(inFlight > 0 ? BUSY_POLL : IDLE_POLL);
    if (failure != null) {
      // A commit failed while partitions were being taken away: these records are read again.
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      dispatch(record);
    }
    press();
    tellLag();
    try {
      if (commitIsDue()) {
        commit();
      }
    } catch (KafkaException e) {
      failure = e;
    }
  }

  private void dispatch(ConsumerRecord<byte[], byte[]> record) {
    Work work = new Work(record);
    partitions
        .computeIfAbsent(
            new TopicPartition(record.topic(), record.partition()), _ -> new ArrayDeque<>())
        .add(work);
    inFlight++;
    inFlightBytes += work.bytes();
    batches.expect();
    decoders.execute(() -> imageWork.run(work));
  }

  /// Pauses all partitions while too much is in the works, until half of it is done.
  private void press() {
    metrics.inFlight(inFlight);
    if (inFlight >= settings.maxInFlight() || inFlightBytes >= settings.maxInFlightBytes()) {
      // Again at each turn: partitions that came with a rebalance are not paused yet.
      consumer.pause(consumer.assignment());
      paused = true;
    } else if (paused
        && inFlight <= settings.maxInFlight() / 2
        && inFlightBytes <= settings.maxInFlightBytes() / 2) {
      consumer.resume(consumer.assignment());
      paused = false;
    } else if (paused) {
      consumer.pause(consumer.assignment());
    }
  }

  private boolean commitIsDue() {
    int finished = 0;
    for (Deque<Work> works : partitions.values()) {
      for (Work work : works) {
        Outcome outcome = work.outcome();
        if (outcome == null) {
          break;
        }
        if (outcome instanceof Outcome.Failed failed) {
          throw new KafkaException("an image could not be encoded", failed.cause());
        }
        finished++;
      }
    }
    long now = System.nanoTime();
    if (finished == 0) {
      readySince = 0;
      return false;
    }
    if (readySince == 0) {
      readySince = now;
    }
    return finished == inFlight
        || finished >= COMMIT_SIZE
        || now - readySince >= settings.maxDelay().toNanos();
  }

  /// Commits the finished records that no unfinished one precedes, some hundred in one transaction.
  private void commit() {
    List<Work> done = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach((partition, works) -> {
      Work head = works.peek();
      while (done.size() < COMMIT_SIZE
          && head != null
          && head.outcome() != null
          && !(head.outcome() instanceof Outcome.Failed)) {
        done.add(works.remove());
        offsets.put(partition, new OffsetAndMetadata(head.record().offset() + 1));
        head = works.peek();
      }
    });
    readySince = 0;
    if (done.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    writer.write(done, offsets, consumer.groupMetadata());
    metrics.commit.record(Duration.ofNanos(System.nanoTime() - start));
    done.forEach(this::count);
  }

  private void count(Work work) {
    inFlight--;
    inFlightBytes -= work.bytes();
    switch (work.outcome()) {
      case Outcome.Coded _ -> {
        metrics.images.increment();
        metrics.latency.record(
            Math.max(0, System.currentTimeMillis() - work.record().timestamp()),
            TimeUnit.MILLISECONDS);
      }
      case Outcome.Deleted _ -> metrics.deletions.increment();
      case Outcome.Dead dead -> metrics.deadLetters(dead.deadLetter().reason()).increment();
      case Outcome.Failed failed -> throw new IllegalStateException(failed.cause());
      case null -> throw new IllegalStateException("work without outcome");
    }
  }

  /// Waits a while for what is in the works in the given partitions, then commits what is finished.
  private void finish(Collection<TopicPartition> leaving) {
    if (failure != null) {
      return;
    }
    long deadline = System.nanoTime() + FINISH_LIMIT.toNanos();
    while (isUnfinished(leaving) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(BUSY_POLL.toNanos());
    }
    try {
      int before;
      do {
        before = inFlight;
        commit();
      } while (inFlight < before);
    } catch (KafkaException e) {
      failure = e;
    }
  }

  private boolean isUnfinished(Collection<TopicPartition> leaving) {
    return leaving.stream()
        .map(partitions::get)
        .anyMatch(
            works -> works != null && works.stream().anyMatch(work -> work.outcome() == null));
  }

  private void drop(Collection<TopicPartition> leaving) {
    for (TopicPartition partition : leaving) {
      Deque<Work> works = partitions.remove(partition);
      if (works != null) {
        inFlight -= works.size();
        inFlightBytes -= works.stream().mapToLong(Work::bytes).sum();
      }
    }
  }

  /// Drops all work, ends the transaction, and seeks every partition back to its committed offset.
  private void recover(Throwable cause) {
    ready = false;
    metrics.rewinds.increment();
    if (cause instanceof CommitFailedException) {
      // Usual while the group's members change: the others had joined before this one heard of it.
      log.info("Group changed while committing, work is done anew topic={}", settings.topic());
    } else {
      log.warn("Encoder rewinds to what is committed topic={}", settings.topic(), cause);
    }
    if (isForGood(cause)) {
      throw new IllegalStateException("Kafka refuses this encoder", cause);
    }
    if (isFencing(cause)) {
      countFencing();
    }
    if (cause.getCause() != null && !(cause.getCause() instanceof KafkaException)) {
      // The network failed: it may need a moment.
      pause();
    }
    partitions.clear();
    inFlight = 0;
    inFlightBytes = 0;
    readySince = 0;
    open();
    rewind();
  }

  /// Opens the writer, however long Kafka is away.
  private void open() {
    while (!closing) {
      try {
        writer.reopen();
        failure = null;
        return;
      } catch (KafkaException e) {
        if (isForGood(e)) {
          throw e;
        }
        log.warn("Encoder cannot open its transactions, trying again", e);
        pause();
      }
    }
  }

  private void rewind() {
    while (!closing) {
      try {
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
        paused = false;
        ready = true;
        return;
      } catch (WakeupException e) {
        throw e;
      } catch (KafkaException e) {
        if (isForGood(e)) {
          throw e;
        }
        log.warn("Encoder cannot read its committed offsets, trying again", e);
        pause();
      }
    }
  }

  private void countFencing() {
    Instant now = Instant.now();
    fenced.add(now);
    while (!fenced.isEmpty() && fenced.element().isBefore(now.minus(FENCED_WITHIN))) {
      fenced.remove();
    }
    if (fenced.size() >= FENCED_LIMIT) {
      throw new IllegalStateException(
          ("fenced %d times within %d s: another encoder has the same instance id, or transactions"
                  + " take longer than their timeout (expected: a mekiki.encoder.instance-id of its"
                  + " own for each encoder, and a broker that keeps up)")
              .formatted(fenced.size(), FENCED_WITHIN.toSeconds()));
    }
  }

  /// True where a producer of the same transactional id has come later. Brokers say so in either of
  /// two ways, clients wrap them or not.
  private static boolean isFencing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForGood(Throwable cause) {
    return cause instanceof AuthorizationException || cause instanceof AuthenticationException;
  }

  private void pause() {
    Instant end = Instant.now().plus(RETRY_PAUSE);
    while (!closing && Instant.now().isBefore(end)) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private void tellLag() {
    Instant now = Instant.now();
    if (now.isBefore(nextLag)) {
      return;
    }
    nextLag = now.plus(LAG_INTERVAL);
    long lag = 0;
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong behind = consumer.currentLag(partition);
      lag += behind.orElse(0);
    }
    metrics.lag(lag);
  }

  private void closeClients() {
    try {
      consumer.close(CloseOptions.timeout(FINISH_LIMIT));
    } catch (KafkaException e) {
      log.warn("Encoder could not leave its group topic={}", settings.topic(), e);
    }
    writer.close();
  }

  /// Called by the consumer inside {@link KafkaConsumer#poll} and close, on the loop's thread.
  private final class Rebalancing implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      log.info("Partitions assigned topic={} partitions={}", settings.topic(), numbers(assigned));
      ready = !closing;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      if (revoked.isEmpty()) {
        return;
      }
      finish(revoked);
      drop(revoked);
      log.info("Partitions revoked topic={} partitions={}", settings.topic(), numbers(revoked));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      // Others have them already: nothing of theirs may be committed here.
      drop(lost);
      log.warn("Partitions lost topic={} partitions={}", settings.topic(), numbers(lost));
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
      return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }
  }
}
