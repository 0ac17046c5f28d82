package dev.mekiki.encoder.follow;

import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows a topic: polls records, has each worked on by one of some threads, and writes the
/// results in the order of the records, together with their offsets, in one transaction. So each
/// record has its result once, whatever is killed.
///
/// A record whose work fails, or takes longer than the limit, costs nobody else's: its {@link Step}
/// says what is written instead. Whatever Kafka fails at is done again from the committed offsets,
/// with new clients; the loop's {@link Component} owns these failures.
public final class FollowLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FollowLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final String name;
  private final Settings settings;
  private final Clients clients;
  private final Step step;
  private final Component component;
  private final ExecutorService workers;
  private final Thread thread;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean closing;

  /// How the loop runs.
  ///
  /// @param topic that is followed
  /// @param threads that work
  /// @param limit of the work on one record
  public record Settings(String topic, int threads, Duration limit) {}

  /// How it reaches Kafka.
  ///
  /// @param consumer properties of a consumer in the loop's group
  /// @param producer properties of a transactional producer
  public record Clients(Map<String, Object> consumer, Map<String, Object> producer) {}

  /// @param name of its threads
  /// @param component owns the loop's failures; closed with the loop
  public FollowLoop(
      String name, Settings settings, Clients clients, Step step, Component component) {
    this.name = name;
    this.settings = settings;
    this.clients = clients;
    this.step = step;
    this.component = component;
    workers =
        Executors.newFixedThreadPool(
            settings.threads(),
            Thread.ofPlatform().daemon().name("mekiki-" + name + "-", 0).factory());
    thread = Thread.ofPlatform().name("mekiki-" + name + "-loop").unstarted(this::run);
  }

  /// Starts to follow.
  public void start() {
    thread.start();
  }

  /// Ends. What is not committed is worked on again at the next start.
  @Override
  public void close() {
    closing = true;
    component.close();
    KafkaConsumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    for (Runnable waiting : workers.shutdownNow()) {
      // Nobody would ever complete it, and the loop waits for each up to the limit.
      if (waiting instanceof Future<?> work) {
        boolean _ = work.cancel(true);
      }
    }
    Threads.join(thread);
  }

  private void run() {
    try {
      component.run(this::connect);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("Loop is given up, as its owner has reported loop={}", name, e);
    }
  }

  /// Works until closed, or until Kafka fails.
  private void connect() throws InterruptedException {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer = reader;
    try {
      producer.initTransactions();
      reader.subscribe(List.of(settings.topic()));
      while (!closing) {
        turn(reader, producer);
      }
    } catch (WakeupException e) {
      log.debug("Loop ends loop={}", name, e);
    } finally {
      consumer = null;
      close(reader);
      producer.close(Duration.ZERO);
    }
  }

  private void close(KafkaConsumer<?, ?> reader) {
    try {
      reader.close(CloseOptions.timeout(CLOSE_LIMIT));
    } catch (KafkaException e) {
      log.debug("Consumer could not leave its group loop={}", name, e);
    }
  }

  private void turn(KafkaConsumer<byte[], byte[]> reader, KafkaProducer<byte[], byte[]> producer)
      throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
    component.workWaits(!records.isEmpty());
    if (!records.isEmpty()) {
      List<ProducerRecord<byte[], byte[]>> results = work(records);
      commit(producer, results, offsets(records), reader);
    }
    component.progressed();
  }

  private List<ProducerRecord<byte[], byte[]>> work(ConsumerRecords<byte[], byte[]> records)
      throws InterruptedException {
    record Started(
        ConsumerRecord<byte[], byte[]> record,
        Future<List<ProducerRecord<byte[], byte[]>>> result) {}
    List<Started> started = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      started.add(new Started(record, workers.submit(() -> step.run(record))));
    }
    List<ProducerRecord<byte[], byte[]>> results = new ArrayList<>();
    for (Started one : started) {
      results.addAll(result(one.record(), one.result()));
    }
    return results;
  }

  private List<ProducerRecord<byte[], byte[]>> result(
      ConsumerRecord<byte[], byte[]> record, Future<List<ProducerRecord<byte[], byte[]>>> result)
      throws InterruptedException {
    try {
      return result.get(settings.limit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      boolean _ = result.cancel(true);
      log.warn(
          "Work on a record takes too long and is given up loop={} topic={} partition={} offset={}"
              + " limit={}",
          name,
          record.topic(),
          record.partition(),
          record.offset(),
          settings.limit());
      return step.failed(record, e);
    } catch (CancellationException e) {
      throw new WakeupException();
    } catch (ExecutionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      if (reason instanceof KafkaException failure) {
        throw failure;
      }
      if (closing) {
        throw new WakeupException();
      }
      log.error(
          "Work on a record failed loop={} topic={} partition={} offset={}",
          name,
          record.topic(),
          record.partition(),
          record.offset(),
          reason);
      return step.failed(record, reason);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(
      ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      offsets.put(
          new TopicPartition(record.topic(), record.partition()),
          new OffsetAndMetadata(record.offset() + 1));
    }
    return offsets;
  }

  private static void commit(
      KafkaProducer<byte[], byte[]> producer,
      List<ProducerRecord<byte[], byte[]>> results,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      KafkaConsumer<byte[], byte[]> reader) {
    producer.beginTransaction();
    for (ProducerRecord<byte[], byte[]> result : results) {
      // A failure to send fails the commit.
      var _ = producer.send(result);
    }
    producer.sendOffsetsToTransaction(offsets, reader.groupMetadata());
    producer.commitTransaction();
  }
}
