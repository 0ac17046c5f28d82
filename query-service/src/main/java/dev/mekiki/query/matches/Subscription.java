package dev.mekiki.query.matches;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// One subscriber's way through the topic: it catches up with a consumer of its own until it meets
/// the shared reader, exactly where its queue begins, and from there on is sent what the shared
/// reader finds. When its queue overruns, it catches up again.
///
/// Runs on a thread of its own.
final class Subscription implements Runnable {
  private static final Duration POLL = Duration.ofMillis(200);

  /// How long a new subscriber waits for a topic that cannot be read.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final StartFrom from;
  private final MatchSink sink;
  private final MatchTopic topic;
  private final SharedReader shared;
  private final Semaphore replays;
  private final BooleanSupplier closed;
  private int epoch;
  private boolean holdsReplay;

  /// @param replays one permit for each subscription that may read with its own consumer
  /// @param holdsReplay true where a permit was taken for this subscription already
  /// @param closed true once the feed is closed
  Subscription(
      StartFrom from,
      MatchSink sink,
      MatchTopic topic,
      SharedReader shared,
      Semaphore replays,
      boolean holdsReplay,
      BooleanSupplier closed) {
    this.from = from;
    this.sink = sink;
    this.topic = topic;
    this.shared = shared;
    this.replays = replays;
    this.holdsReplay = holdsReplay;
    this.closed = closed;
  }

  @Override
  public void run() {
    try {
      epoch = shared.epoch();
      Positions present = shared.reached(PATIENCE);
      switch (from) {
        case StartFrom.Beginning(boolean endAtPresent) -> replay(present, endAtPresent);
        case StartFrom.After(Positions positions, boolean endAtPresent) ->
            goOn(known(positions, present).orElse(present), endAtPresent);
        case StartFrom.Now _ -> {
          sink.begin(present);
          follow(present);
        }
      }
      sink.end();
    } catch (InterruptedException | InterruptException e) {
      // Interrupted by the feed, which closes.
      sink.end();
    } catch (RuntimeException e) {
      sink.fail(e);
    } finally {
      endReplay();
    }
  }

  private void replay(Positions present, boolean endAtPresent) throws InterruptedException {
    int partitions = present.offsets().size();
    Positions start;
    try (MatchTopic.Opened opened = openReplay()) {
      Consumer<byte[], byte[]> consumer = opened.consumer();
      start = topic.beginning(consumer, partitions);
      sink.begin(start);
      if (endAtPresent) {
        catchUp(consumer, start, topic.end(consumer, partitions));
      }
    }
    if (!endAtPresent) {
      follow(start);
    }
  }

  private void goOn(Positions start, boolean endAtPresent) throws InterruptedException {
    sink.begin(start);
    if (endAtPresent) {
      try (MatchTopic.Opened opened = openReplay()) {
        Consumer<byte[], byte[]> consumer = opened.consumer();
        catchUp(consumer, start, topic.end(consumer, start.offsets().size()));
      }
    } else {
      follow(start);
    }
  }

  /// The positions, where the topic has them.
  private Optional<Positions> known(Positions positions, Positions present)
      throws InterruptedException {
    int partitions = present.offsets().size();
    if (positions.offsets().size() != partitions) {
      return Optional.empty();
    }
    if (!present.isBefore(positions)) {
      return Optional.of(positions);
    }
    // Another instance of the service may have read further than this one.
    try (MatchTopic.Opened opened = openReplay()) {
      return topic.end(opened.consumer(), partitions).isBefore(positions)
          ? Optional.empty()
          : Optional.of(positions);
    } finally {
      endReplay();
    }
  }

  private void follow(Positions start) throws InterruptedException {
    Positions next = start;
    while (isGoingOn()) {
      LiveQueue queue = new LiveQueue();
      Positions meeting = shared.attach(queue, PATIENCE);
      try {
        if (next.isBefore(meeting)) {
          try (MatchTopic.Opened opened = openReplay()) {
            catchUp(opened.consumer(), next, meeting);
          }
        }
        endReplay();
        next = drain(queue, meeting);
      } finally {
        shared.detach(queue);
      }
    }
  }

  /// Sends everything from one position up to another.
  private void catchUp(Consumer<byte[], byte[]> consumer, Positions start, Positions end)
      throws InterruptedException {
    List<TopicPartition> partitions =
        topic.partitions(end.offsets().size()).stream()
            .filter(p -> start.offset(p.partition()) < end.offset(p.partition()))
            .toList();
    consumer.assign(partitions);
    partitions.forEach(p -> consumer.seek(p, start.offset(p.partition())));
    Positions next = start;
    while (isGoingOn()
        && partitions.stream().anyMatch(p -> consumer.position(p) < end.offset(p.partition()))) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      boolean sent = false;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        next = next.with(record.partition(), record.offset() + 1);
        if (record.offset() < end.offset(record.partition())) {
          var match = topic.match(record);
          if (match != null) {
            sink.send(new MatchEvent(match, next));
            sent = true;
          }
        }
      }
      if (!sent) {
        sink.idle(shared.problem());
      }
    }
  }

  /// Sends what the shared reader finds, until the subscriber goes or the queue has overrun.
  ///
  /// @return where to read on
  private Positions drain(LiveQueue queue, Positions start) throws InterruptedException {
    Positions next = start;
    while (isGoingOn()) {
      MatchEvent event = queue.poll(POLL.toMillis());
      if (event != null) {
        sink.send(event);
        next = event.next();
      } else if (queue.isOverrun()) {
        return next;
      } else {
        sink.idle(shared.problem());
      }
    }
    return next;
  }

  /// False once the subscriber has gone or the feed is closed.
  ///
  /// @throws MatchesUnavailableException where the topic is no longer the one begun with
  private boolean isGoingOn() {
    if (shared.epoch() != epoch) {
      throw new MatchesUnavailableException(
          "topic %s was deleted or created again while it was read (expected: one topic; subscribe again)"
              .formatted(topic.name()));
    }
    return !closed.getAsBoolean() && !sink.isCancelled();
  }

  /// A consumer of this subscription's own, once there is room for one.
  private MatchTopic.Opened openReplay() throws InterruptedException {
    while (!holdsReplay) {
      holdsReplay = replays.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
      if (!holdsReplay) {
        if (!isGoingOn()) {
          throw new InterruptedException("the subscription has ended");
        }
        sink.idle(shared.problem());
      }
    }
    return topic.open();
  }

  private void endReplay() {
    if (holdsReplay) {
      holdsReplay = false;
      replays.release();
    }
  }
}
