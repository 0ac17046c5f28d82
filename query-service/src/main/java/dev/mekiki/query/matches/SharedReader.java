package dev.mekiki.query.matches;

import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.kafka.KafkaFailures;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the end of the topic with one consumer and hands each match to the queue of every live
/// subscription.
///
/// Its failures belong to the service's {@link FailureOwner}, which has them retried with backoff;
/// {@link #problem} is what subscribers hear meanwhile. A topic that was deleted, created again or
/// given more partitions starts a new {@link #epoch}: earlier positions mean nothing there.
///
/// Thread-safe. It reads on a platform thread of its own.
final class SharedReader {
  private static final Logger log = LoggerFactory.getLogger(SharedReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
  private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

  private final MatchTopic topic;
  private final Component component;
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> reading;
  private volatile boolean closed;
  private volatile int epoch;
  private volatile @Nullable String problem;

  /// Guards {@link #reached} together with the queues: a queue begins exactly there.
  private final Object lock = new Object();

  private final Set<LiveQueue> queues = new HashSet<>();
  private @Nullable Positions reached;

  /// Of the reader's thread alone.
  private @Nullable TopicDescription known;

  SharedReader(MatchTopic topic, FailureOwner failures) {
    this.topic = topic;
    this.component = failures.component("match-feed", FailurePolicy.standard(KafkaFailures::kind));
    this.thread = Thread.ofPlatform().daemon().name("match-feed").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Counts the topics, one after another under the same name, that have been read.
  int epoch() {
    return epoch;
  }

  /// Why the topic cannot be read at the moment; null where it is read.
  @Nullable String problem() {
    return problem;
  }

  /// Where the reader is.
  ///
  /// @throws MatchesUnavailableException where it has not found the topic within the limit
  Positions reached(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (lock) {
      while (reached == null) {
        long left = deadline - System.nanoTime();
        if (closed || left <= 0) {
          throw new MatchesUnavailableException(
              "topic %s cannot be read: %s (expected: the topic, and brokers that answer; try again)"
                  .formatted(
                      topic.name(),
                      closed
                          ? "the query service stops"
                          : problem == null ? "no answer" : problem));
        }
        lock.wait(Math.max(1, Duration.ofNanos(left).toMillis()));
      }
      return reached;
    }
  }

  /// Adds each match from now on to a queue, until it is detached.
  ///
  /// @return where the queue begins
  Positions attach(LiveQueue queue, Duration limit) throws InterruptedException {
    synchronized (lock) {
      Positions start = reached(limit);
      queues.add(queue);
      return start;
    }
  }

  void detach(LiveQueue queue) {
    synchronized (lock) {
      queues.remove(queue);
    }
  }

  /// Stops reading, within a second unless a broker is waited for.
  void close() throws InterruptedException {
    closed = true;
    component.close();
    Consumer<byte[], byte[]> open = reading;
    if (open != null) {
      open.wakeup();
    }
    synchronized (lock) {
      lock.notifyAll();
    }
    if (!thread.join(CLOSE_LIMIT)) {
      thread.interrupt();
    }
  }

  private void run() {
    component.workWaits(true);
    try {
      component.run(() -> {
        try (MatchTopic.Opened opened = topic.open()) {
          Consumer<byte[], byte[]> consumer = opened.consumer();
          reading = consumer;
          follow(consumer);
        } catch (WakeupException | InterruptException e) {
          log.debug("Match feed woken up closed={}", closed);
        } catch (RuntimeException e) {
          problem = BoundedText.message(e);
          throw e;
        } finally {
          reading = null;
        }
      });
    } catch (InterruptedException | ComponentFailedException e) {
      // The owner has logged it, and ends the process.
      log.debug("Match feed has ended", e);
    }
  }

  /// Reads on where the last consumer stopped, or from the end of the topic.
  private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    TopicDescription described = described(topic.describe());
    List<TopicPartition> partitions = topic.partitions(described.partitions().size());
    consumer.assign(partitions);
    Positions start;
    synchronized (lock) {
      start = reached;
    }
    if (start == null) {
      consumer.seekToEnd(partitions);
      start = positions(consumer, partitions);
      publish(List.of(), start);
    } else {
      for (TopicPartition partition : partitions) {
        consumer.seek(partition, start.offset(partition.partition()));
      }
    }
    progressed();
    KafkaFuture<TopicDescription> check = null;
    long checked = System.nanoTime();
    while (!closed) {
      Positions before = positions(consumer, partitions);
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      publish(records, before, positions(consumer, partitions));
      // A consumer does not notice that its topic is gone, nor say that no broker answers.
      if (check == null && System.nanoTime() - checked >= CHECK_NANOS) {
        check = topic.describe();
      } else if (check != null && check.isDone()) {
        check(check);
        check = null;
        checked = System.nanoTime();
      }
    }
  }

  private void check(KafkaFuture<TopicDescription> described) throws InterruptedException {
    try {
      described(described);
      progressed();
    } catch (MatchesUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      // The consumer goes on by itself once brokers answer again.
      problem = BoundedText.message(e);
      var _ = component.failed(e);
    }
  }

  /// What the brokers say of the topic.
  ///
  /// @throws MatchesUnavailableException where it is not the topic that was read before
  private TopicDescription described(KafkaFuture<TopicDescription> answer)
      throws InterruptedException {
    TopicDescription before = known;
    TopicDescription now;
    try {
      now = answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw changed("it does not exist");
      }
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
    if (before != null && !before.topicId().equals(now.topicId())) {
      throw changed("it was deleted and created again");
    }
    if (before != null && before.partitions().size() != now.partitions().size()) {
      throw changed(
          "it has %d partitions, no longer %d"
              .formatted(now.partitions().size(), before.partitions().size()));
    }
    known = now;
    return now;
  }

  private MatchesUnavailableException changed(String how) {
    synchronized (lock) {
      if (known != null) {
        epoch++;
      }
      known = null;
      reached = null;
      queues.clear();
    }
    return new MatchesUnavailableException("topic %s: %s".formatted(topic.name(), how));
  }

  private void publish(ConsumerRecords<byte[], byte[]> records, Positions before, Positions after) {
    synchronized (lock) {
      List<MatchEvent> events = new ArrayList<>();
      // Nobody sees them without a queue, so they are not parsed either.
      if (!queues.isEmpty()) {
        Positions next = before;
        for (ConsumerRecord<byte[], byte[]> record : records) {
          next = next.with(record.partition(), record.offset() + 1);
          Match match = topic.match(record);
          if (match != null) {
            events.add(new MatchEvent(match, next));
          }
        }
      }
      publish(events, after);
    }
  }

  private void publish(List<MatchEvent> events, Positions after) {
    synchronized (lock) {
      if (!events.isEmpty()) {
        queues.forEach(queue -> queue.offer(events));
      }
      reached = after;
      lock.notifyAll();
    }
  }

  private static Positions positions(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    return new Positions(partitions.stream().map(consumer::position).toList());
  }

  private void progressed() {
    problem = null;
    component.progressed();
  }
}
