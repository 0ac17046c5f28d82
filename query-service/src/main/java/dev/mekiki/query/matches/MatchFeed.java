package dev.mekiki.query.matches;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Matches as they are committed to the topic, for any number of watchers.
///
/// One consumer reads the end of the topic and hands each match to the queue of every live
/// subscription. A subscription that starts earlier reads with a consumer of its own until it meets
/// the shared one, exactly at the position where its queue begins; so does one whose watcher was so
/// slow that its queue ran over. No watcher misses a match that the topic still holds, and none
/// holds more than a queue of memory.
///
/// Thread-safe. Each subscription runs on a virtual thread, the shared consumer on a platform
/// thread.
public final class MatchFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MatchFeed.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int QUEUE = 1024;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final Thread sharedThread;
  private volatile @Nullable Consumer<byte[], byte[]> shared;
  private volatile boolean closed;

  /// Guards {@link #sharedPositions} together with the queues: a queue begins exactly there.
  private final Object lock = new Object();

  private @Nullable Positions sharedPositions;

  /// Starts to read.
  ///
  /// @param consumers makes read-committed consumers that are in no group
  /// @param topic the topic `matches`, which must exist
  public MatchFeed(Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
    this.consumers = consumers;
    this.topic = topic;
    this.sharedThread = Thread.ofPlatform().daemon().name("match-feed").start(this::readShared);
  }

  /// Where a subscription starts and ends.
  public sealed interface From {
    /// With what comes from now on.
    record Now() implements From {}

    /// With all that the topic still holds.
    ///
    /// @param endAtPresent end once everything that stands on the topic now has been sent
    record Beginning(boolean endAtPresent) implements From {}

    /// With what follows earlier positions; with what comes from now on, where the topic has none
    /// such.
    ///
    /// @param positions where an earlier subscription ended
    record After(Positions positions) implements From {}
  }

  /// Sends matches to the sink until it is cancelled, or the feed is closed.
  public void subscribe(From from, MatchSink sink) {
    Subscription subscription = new Subscription(from, sink);
    subscriptions.add(subscription);
    Thread thread = Thread.ofVirtual().name("match-subscription").unstarted(subscription);
    subscription.thread = thread;
    thread.start();
  }

  /// Number of subscriptions.
  public int subscriptions() {
    return subscriptions.size();
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> reading = shared;
    if (reading != null) {
      reading.wakeup();
    }
    synchronized (lock) {
      lock.notifyAll();
    }
    try {
      // A consumer that is interrupted reports an error, so each is given the time to end by
      // itself.
      Instant patient = Instant.now().plus(PATIENCE);
      for (Subscription subscription : subscriptions) {
        Thread thread = subscription.thread;
        Duration left = Duration.between(Instant.now(), patient);
        if (thread != null && (!left.isPositive() || !thread.join(left))) {
          thread.interrupt();
        }
      }
      sharedThread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readShared() {
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        shared = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        log.debug("match feed woken up to close");
      } catch (KafkaException e) {
        log.warn("match feed interrupted, reading on in {} ms", RETRY.toMillis(), e);
        pause();
      }
    }
  }

  /// Reads on where the last consumer stopped, or from the end of the topic.
  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = partitions(consumer);
    consumer.assign(partitions);
    Positions known;
    synchronized (lock) {
      known = sharedPositions;
    }
    if (known == null) {
      consumer.seekToEnd(partitions);
      Positions end = positions(consumer, partitions);
      synchronized (lock) {
        sharedPositions = end;
        lock.notifyAll();
      }
    } else {
      partitions.forEach(p -> consumer.seek(p, known.offset(p.partition())));
    }
    while (!closed) {
      List<MatchEvent> events = new ArrayList<>();
      Positions next = positions(consumer, partitions);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        next = next.with(record.partition(), record.offset() + 1);
        Match match = match(record);
        if (match != null) {
          events.add(new MatchEvent(match, next));
        }
      }
      Positions reached = positions(consumer, partitions);
      synchronized (lock) {
        for (Subscription subscription : subscriptions) {
          subscription.offer(events);
        }
        sharedPositions = reached;
      }
    }
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
        .toList();
  }

  private static Positions positions(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    return new Positions(partitions.stream().map(consumer::position).toList());
  }

  private @Nullable Match match(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return null;
    }
    Match.Builder match = Match.newBuilder();
    try {
      JsonFormat.parser()
          .ignoringUnknownFields()
          .merge(new String(record.value(), StandardCharsets.UTF_8), match);
      return match.build();
    } catch (InvalidProtocolBufferException e) {
      log.warn(
          "not a match, left out record={}-{}@{}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      return null;
    }
  }

  private void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One watcher's way through the topic.
  private final class Subscription implements Runnable {
    private final From from;
    private final MatchSink sink;
    private final BlockingQueue<MatchEvent> queue = new LinkedBlockingQueue<>(QUEUE);
    private final AtomicBoolean overrun = new AtomicBoolean();
    private volatile boolean live;
    private volatile @Nullable Thread thread;

    Subscription(From from, MatchSink sink) {
      this.from = from;
      this.sink = sink;
    }

    private boolean isOver() {
      return closed || sink.isCancelled();
    }

    /// Called with the feed's lock held.
    void offer(Collection<MatchEvent> events) {
      for (MatchEvent event : events) {
        if (live && !queue.offer(event)) {
          live = false;
          overrun.set(true);
        }
      }
    }

    @Override
    public void run() {
      try {
        Positions end = present();
        switch (from) {
          case From.Beginning(boolean endAtPresent) when endAtPresent -> {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
              Positions start = beginning(consumer);
              sink.begin(start);
              catchUp(consumer, start, latest(consumer));
            }
          }
          case From.Beginning _ -> {
            Positions start;
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
              start = beginning(consumer);
            }
            sink.begin(start);
            follow(start);
          }
          case From.After(Positions positions) -> {
            Positions start = known(positions).orElse(end);
            sink.begin(start);
            follow(start);
          }
          case From.Now _ -> {
            sink.begin(end);
            follow(end);
          }
        }
        sink.end();
      } catch (InterruptedException | InterruptException e) {
        sink.end();
      } catch (RuntimeException e) {
        sink.fail(e);
      } finally {
        subscriptions.remove(this);
      }
    }

    /// Where the shared consumer stands, once it stands anywhere.
    private Positions present() throws InterruptedException {
      synchronized (lock) {
        while (sharedPositions == null) {
          if (closed) {
            throw new InterruptedException("the match feed is closed");
          }
          lock.wait();
        }
        return sharedPositions;
      }
    }

    private Positions beginning(Consumer<byte[], byte[]> consumer) {
      List<TopicPartition> partitions = partitions(consumer);
      Map<TopicPartition, Long> offsets = consumer.beginningOffsets(partitions);
      return new Positions(partitions.stream().map(p -> offsets.getOrDefault(p, 0L)).toList());
    }

    private Positions latest(Consumer<byte[], byte[]> consumer) {
      List<TopicPartition> partitions = partitions(consumer);
      Map<TopicPartition, Long> offsets = consumer.endOffsets(partitions);
      return new Positions(partitions.stream().map(p -> offsets.getOrDefault(p, 0L)).toList());
    }

    /// The positions, where they are of this topic and none lies past its end.
    private Optional<Positions> known(Positions positions) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        Positions latest = latest(consumer);
        boolean fits =
            latest.offsets().size() == positions.offsets().size()
                && IntStream.range(0, latest.offsets().size())
                    .allMatch(p -> positions.offset(p) <= latest.offset(p));
        return fits ? Optional.of(positions) : Optional.empty();
      }
    }

    private void follow(Positions start) throws InterruptedException {
      Positions next = start;
      while (!isOver()) {
        Positions meeting;
        synchronized (lock) {
          queue.clear();
          overrun.set(false);
          live = true;
          meeting = present();
        }
        if (isBefore(next, meeting)) {
          try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            catchUp(consumer, next, meeting);
          }
          next = meeting;
        }
        next = drain(next);
      }
    }

    private boolean isBefore(Positions a, Positions b) {
      return IntStream.range(0, b.offsets().size()).anyMatch(p -> a.offset(p) < b.offset(p));
    }

    /// Sends everything from one position up to another.
    private void catchUp(Consumer<byte[], byte[]> consumer, Positions start, Positions end)
        throws InterruptedException {
      List<TopicPartition> partitions =
          partitions(consumer).stream()
              .filter(p -> start.offset(p.partition()) < end.offset(p.partition()))
              .toList();
      consumer.assign(partitions);
      partitions.forEach(p -> consumer.seek(p, start.offset(p.partition())));
      Positions next = start;
      while (!isOver()
          && partitions.stream().anyMatch(p -> consumer.position(p) < end.offset(p.partition()))) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          next = next.with(record.partition(), record.offset() + 1);
          Match match = record.offset() < end.offset(record.partition()) ? match(record) : null;
          if (match != null) {
            sink.send(new MatchEvent(match, next));
          }
        }
      }
    }

    /// Sends what the shared consumer finds, until the watcher goes or the queue has run over.
    ///
    /// @return where to read on
    private Positions drain(Positions start) throws InterruptedException {
      Positions next = start;
      while (!isOver()) {
        MatchEvent event = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (event != null) {
          sink.send(event);
          next = event.next();
        } else if (overrun.get()) {
          return next;
        } else {
          sink.idle();
        }
      }
      return next;
    }
  }
}
