package dev.mekiki.runtime.kafka;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads single records by their offset, with a few consumers that are opened when they are needed
/// and kept. Thread-safe; a read blocks, at most until its deadline.
public final class RecordReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordReader.class);

  private final Map<String, Object> properties;
  private final int maxConsumers;
  private final Semaphore permits;
  private final Deque<KafkaConsumer<byte[], byte[]>> idle = new ArrayDeque<>();
  private final Set<KafkaConsumer<byte[], byte[]>> all = new HashSet<>();
  private boolean closed;

  /// What came of reading an offset.
  public sealed interface Read {
    /// The record that stands there.
    record Found(ConsumerRecord<byte[], byte[]> record) implements Read {}

    /// No record stands there: it was compacted or deleted, or the topic does not reach so far.
    record Nothing() implements Read {}

    /// Kafka did not say in time.
    record NoAnswer(String reason) implements Read {}
  }

  /// A reader of records that are known to be committed, because a committed record names them.
  ///
  /// @param consumer properties of a consumer that is in no group
  /// @param maxConsumers most reads at once; others wait
  public RecordReader(Map<String, Object> consumer, int maxConsumers) {
    // Waiting for what others have not committed yet would only delay what is.
    this(consumer, "read_uncommitted", maxConsumers);
  }

  private RecordReader(Map<String, Object> consumer, String isolation, int maxConsumers) {
    this.properties = properties(consumer, isolation);
    this.maxConsumers = maxConsumers;
    this.permits = new Semaphore(maxConsumers);
  }

  /// A reader of any offset: what is not committed, or aborted, is {@link Read.Nothing}.
  ///
  /// @param consumer properties of a consumer that is in no group
  /// @param maxConsumers most reads at once; others wait
  public static RecordReader ofCommitted(Map<String, Object> consumer, int maxConsumers) {
    return new RecordReader(consumer, "read_committed", maxConsumers);
  }

  private static Map<String, Object> properties(Map<String, Object> consumer, String isolation) {
    Map<String, Object> properties = new HashMap<>(consumer);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    // A broker always returns the first batch whole, and with this nothing more.
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1);
    // A consumer asks for the next batch before anybody wants it. At the end of a topic that
    // request
    // must not keep the next read waiting.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    return properties;
  }

  /// Reads the record at an offset.
  public Read read(TopicPartition partition, long offset, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    if (!permits.tryAcquire(limit.toNanos(), NANOSECONDS)) {
      return new Read.NoAnswer(
          "%d reads under way did not end within %d ms".formatted(maxConsumers, limit.toMillis()));
    }
    @Nullable KafkaConsumer<byte[], byte[]> consumer = null;
    boolean kept = false;
    try {
      consumer = take();
      Read read = read(consumer, partition, offset, deadline);
      // One that got no answer may wait for a broker that is gone.
      kept = !(read instanceof Read.NoAnswer);
      return read;
    } catch (OffsetOutOfRangeException e) {
      kept = true;
      return new Read.Nothing();
    } catch (WakeupException e) {
      return new Read.NoAnswer("the service stops");
    } catch (InterruptException e) {
      // Kafka has set the flag again, which would keep the consumer from closing.
      boolean _ = Thread.interrupted();
      throw interrupted(e);
    } catch (KafkaException e) {
      if (!(e instanceof RetriableException)) {
        log.warn("Record cannot be read at={}@{}", partition, offset, e);
      }
      return new Read.NoAnswer(BoundedText.message(e));
    } finally {
      if (consumer != null) {
        giveBack(consumer, kept);
      }
      permits.release();
    }
  }

  private static Read read(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long offset,
      long deadline) {
    // Known from the last read of this topic, in general.
    int partitions = consumer.partitionsFor(partition.topic(), left(deadline)).size();
    if (partition.partition() >= partitions) {
      return new Read.Nothing();
    }
    List<TopicPartition> one = List.of(partition);
    consumer.assign(one);
    consumer.seek(partition, offset);
    do {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(left(deadline))) {
        return record.offset() == offset ? new Read.Found(record) : new Read.Nothing();
      }
      // What compaction leaves of a batch may be its offsets alone.
      if (consumer.position(partition, left(deadline)) > offset) {
        return new Read.Nothing();
      }
    } while (left(deadline).isPositive());
    // A broker that says the topic ends here has answered.
    return consumer.currentLag(partition).orElse(-1) == 0
        ? new Read.Nothing()
        : new Read.NoAnswer("no broker gave " + partition + "@" + offset + " in time");
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private static InterruptedException interrupted(InterruptException cause) {
    InterruptedException interrupted = new InterruptedException("interrupted while reading");
    interrupted.initCause(cause);
    return interrupted;
  }

  private KafkaConsumer<byte[], byte[]> take() {
    synchronized (all) {
      if (closed) {
        throw new WakeupException();
      }
      // The one used last: others may go on sleeping.
      KafkaConsumer<byte[], byte[]> free = idle.pollLast();
      if (free != null) {
        return free;
      }
    }
    KafkaConsumer<byte[], byte[]> opened =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    synchronized (all) {
      all.add(opened);
      if (closed) {
        opened.wakeup();
      }
    }
    return opened;
  }

  private void giveBack(KafkaConsumer<byte[], byte[]> consumer, boolean kept) {
    synchronized (all) {
      if (kept && !closed) {
        idle.addLast(consumer);
        return;
      }
      all.remove(consumer);
    }
    close(consumer);
  }

  private static void close(KafkaConsumer<byte[], byte[]> consumer) {
    try {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } catch (KafkaException e) {
      log.debug("Consumer could not be closed", e);
    }
  }

  /// Ends reads under way; each closes its consumer.
  @Override
  public void close() {
    Deque<KafkaConsumer<byte[], byte[]>> unused;
    synchronized (all) {
      closed = true;
      unused = new ArrayDeque<>(idle);
      idle.clear();
      all.removeAll(Set.copyOf(unused));
      all.forEach(KafkaConsumer::wakeup);
    }
    unused.forEach(RecordReader::close);
  }
}
