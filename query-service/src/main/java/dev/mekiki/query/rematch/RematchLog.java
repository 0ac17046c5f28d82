package dev.mekiki.query.rematch;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the topic `rematch`, on a thread of its own, until it is closed. Thread-safe.
public final class RematchLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RematchLog.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final KafkaClients clients;
  private final TopicPartition partition;
  private final SkippedRecords skipped;
  private final Component component;
  private final Thread thread;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;

  // Guarded by this. The position is -1 until the end was reached once.
  private RematchState state = RematchState.NONE;
  private long position = -1;

  /// Starts to read; returns at once.
  ///
  /// @param topic must exist
  /// @param failures gets the component `rematch-log`
  /// @param skipped counts records that are none
  public static RematchLog start(
      KafkaClients clients, String topic, FailureOwner failures, SkippedRecords skipped) {
    RematchLog started = new RematchLog(clients, topic, failures, skipped);
    started.thread.start();
    return started;
  }

  private RematchLog(
      KafkaClients clients, String topic, FailureOwner failures, SkippedRecords skipped) {
    this.clients = clients;
    this.partition = new TopicPartition(topic, 0);
    this.skipped = skipped;
    this.component = failures.component("rematch-log", FailurePolicy.standard(KafkaFailures::kind));
    this.thread = Thread.ofPlatform().daemon().name("rematch-log").unstarted(this::run);
  }

  /// What was read; nothing until the end was reached once.
  synchronized RematchState state() {
    return state;
  }

  /// Whether all was read that was there at the start.
  synchronized boolean isCaughtUp() {
    return position >= 0;
  }

  /// Waits until all before an offset was read.
  ///
  /// @return false where that takes longer than the limit
  synchronized boolean awaitRead(long end, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    long left = limit.toNanos();
    while (position < end && left > 0 && !component.isClosed()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    return position >= end;
  }

  private void run() {
    try {
      component.run(this::follow);
    } catch (InterruptedException | ComponentFailedException e) {
      log.debug("Rematch log has ended", e);
    }
  }

  private void follow() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      reading = consumer;
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition), ANSWER_LIMIT).getOrDefault(partition, 0L);
      RematchState next = RematchState.NONE;
      while (!component.isClosed()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          next = next(next, record);
        }
        long reached = consumer.position(partition, ANSWER_LIMIT);
        if (reached >= end) {
          publish(next, reached);
          component.progressed();
        }
      }
      // It is in no group, and what brokers may still send is of no use: closing need not wait.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } finally {
      reading = null;
    }
  }

  private RematchState next(RematchState before, ConsumerRecord<byte[], byte[]> record) {
    try {
      return before.next(record.key(), record.value());
    } catch (InvalidProtocolBufferException e) {
      skipped.skip(
          record.topic(),
          record.partition(),
          record.offset(),
          "no-message",
          "a value that is no message of this topic");
      return before;
    }
  }

  private synchronized void publish(RematchState next, long reached) {
    state = next;
    position = reached;
    notifyAll();
  }

  @Override
  public void close() {
    component.close();
    KafkaConsumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    synchronized (this) {
      notifyAll();
    }
    Threads.joinWithin(thread, CLOSE_LIMIT);
  }
}
