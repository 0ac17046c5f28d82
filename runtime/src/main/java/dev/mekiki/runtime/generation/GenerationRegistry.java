package dev.mekiki.runtime.generation;

import com.google.protobuf.Timestamp;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Center;
import dev.mekiki.schemas.v1.Generation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The generations on the topic `generations`, and which of them is active: the one whose ACTIVE
/// record is the last. The topic must exist. Thread-safe; calls block on Kafka.
///
/// Announcing is atomic: announcers share one transactional id, so whoever comes later ends the
/// other's attempt, which then looks again.
public final class GenerationRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationRegistry.class);

  private static final Duration POLL = Duration.ofMillis(100);

  /// Commits in doubt, one after another, that make an announcement fail.
  private static final int MOST_IN_DOUBT = 5;

  private final KafkaClients clients;
  private final Topics topics;
  private final Serde<Generation> serde = ProtobufSerde.of(Generation.getDefaultInstance());

  public GenerationRegistry(KafkaClients clients, Topics topics) {
    this.clients = clients;
    this.topics = topics;
  }

  /// The given generation with its id: the content hash of network, centers with labels, routing
  /// and replication radius, 64 hexadecimal digits. Name of the bundle, state and times do not
  /// count.
  public static Generation identified(Generation generation) {
    return generation.toBuilder().setId(contentHash(generation)).build();
  }

  /// The active generation, if there is one.
  public Optional<Generation> active() {
    try (KafkaConsumer<String, Generation> consumer = consumer()) {
      return Optional.ofNullable(lastActive(consumer));
    }
  }

  /// The active generation, waited for.
  ///
  /// @param limit how long to wait
  /// @throws StartException where none is active by then
  public Generation awaitActive(Duration limit) {
    try (KafkaConsumer<String, Generation> consumer = consumer()) {
      Instant deadline = Instant.now().plus(limit);
      Generation active = lastActive(consumer);
      while (active == null) {
        if (Instant.now().isAfter(deadline)) {
          throw new StartException(
              ("no generation is active on %s after %d s (expected: an encoder service, which"
                      + " announces one; start it with `mekiki encoder`)")
                  .formatted(topics.generations(), limit.toSeconds()));
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new StartException("interrupted while waiting for an active generation");
        }
        active = later(null, consumer.poll(POLL));
      }
      return active;
    }
  }

  /// Makes a generation the active one if none is, or if it is to replace another.
  ///
  /// @param generation a generation as {@link #identified} makes it
  /// @param replace retire another active generation rather than leave it
  public Announcement announce(Generation generation, boolean replace) {
    int doubtful = 0;
    while (true) {
      try {
        return attempt(generation, replace);
      } catch (ProducerFencedException
          | InvalidProducerEpochException
          | InvalidTxnStateException e) {
        // Another announcer came in between (the last where it has ended this transaction and its
        // fence is not up yet): what is active must be looked at again.
      } catch (CommitInDoubtException e) {
        doubtful++;
        if (doubtful == MOST_IN_DOUBT) {
          throw e.failure;
        }
        LOG.atWarn()
            .setMessage("Commit of the announcement in doubt, looking again")
            .addKeyValue("generation", generation.getId())
            .addKeyValue("reason", e.failure.getMessage())
            .log();
      }
    }
  }

  private Announcement attempt(Generation generation, boolean replace)
      throws CommitInDoubtException {
    try (KafkaProducer<String, Generation> producer =
        new KafkaProducer<>(
            clients.transactionalProducer(topics.generations() + "-announcer"),
            Serdes.String().serializer(),
            serde.serializer())) {
      // From here on, earlier announcers cannot commit any more; what they committed is readable.
      producer.initTransactions();
      Optional<Generation> active = active();
      if (active.isPresent() && active.get().getId().equals(generation.getId())) {
        return new Announcement.AlreadyActive(active.get());
      }
      if (active.isPresent() && !replace) {
        return new Announcement.OtherActive(active.get());
      }
      Generation announced =
          generation.toBuilder().setState(Generation.State.ACTIVE).setActivatedTime(now()).build();
      producer.beginTransaction();
      active.ifPresent(
          old -> send(producer, old.toBuilder().setState(Generation.State.RETIRED).build()));
      send(producer, announced);
      commit(producer);
      return new Announcement.Activated(announced);
    }
  }

  /// Brokers asked to commit while they put up the fence of a later announcer may fail with no more
  /// than "unexpected error", and a commit that timed out may have come through.
  private static void commit(KafkaProducer<?, ?> producer) throws CommitInDoubtException {
    try {
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException | InvalidTxnStateException e) {
      throw e;
    } catch (KafkaException e) {
      throw new CommitInDoubtException(e);
    }
  }

  /// Whether the announcement was written shows in what is active once the next attempt has ended
  /// this one's transaction.
  private static final class CommitInDoubtException extends Exception {
    private static final long serialVersionUID = 1;

    private final KafkaException failure;

    CommitInDoubtException(KafkaException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /// Calls the listener with the active generation as soon as there is one and with each that
  /// becomes active after it, on a thread of its own, until the returned handle is closed.
  public AutoCloseable watch(Consumer<Generation> listener) {
    KafkaConsumer<String, Generation> consumer = consumer();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("generation-watch")
            .start(() -> watch(consumer, listener));
    return () -> {
      consumer.wakeup();
      thread.join();
    };
  }

  private void watch(KafkaConsumer<String, Generation> consumer, Consumer<Generation> listener) {
    try (consumer) {
      Generation known = lastActive(consumer);
      if (known != null) {
        listener.accept(known);
      }
      while (true) {
        Generation active = later(known, consumer.poll(Duration.ofSeconds(1)));
        if (active != null && (known == null || !active.getId().equals(known.getId()))) {
          known = active;
          listener.accept(active);
        }
      }
    } catch (WakeupException e) {
      // Closed: the only way out.
    }
  }

  private KafkaConsumer<String, Generation> consumer() {
    return new KafkaConsumer<>(
        clients.consumer(), Serdes.String().deserializer(), serde.deserializer());
  }

  private void send(KafkaProducer<String, Generation> producer, Generation generation) {
    // A failure to send fails the commit.
    var _ =
        producer.send(new ProducerRecord<>(topics.generations(), generation.getId(), generation));
  }

  /// Reads to the end as it is now and leaves the consumer there.
  private @Nullable Generation lastActive(KafkaConsumer<String, Generation> consumer) {
    TopicPartition partition = new TopicPartition(topics.generations(), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
    long end = ends.getOrDefault(partition, 0L);
    Generation active = null;
    while (consumer.position(partition) < end) {
      active = later(active, consumer.poll(POLL));
    }
    return active;
  }

  private static @Nullable Generation later(
      @Nullable Generation known, Iterable<ConsumerRecord<String, Generation>> records) {
    Generation active = known;
    for (ConsumerRecord<String, Generation> record : records) {
      Generation generation = record.value();
      if (generation != null && generation.getState() == Generation.State.ACTIVE) {
        active = generation;
      }
    }
    return active;
  }

  private static Timestamp now() {
    Instant now = Instant.now();
    return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }

  private static String contentHash(Generation generation) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream content = new DataOutputStream(bytes)) {
      content.writeUTF(generation.getNetwork());
      content.writeInt(generation.getBits());
      content.writeInt(generation.getCentersCount());
      for (Center center : generation.getCentersList()) {
        content.writeInt(center.getCode().size());
        center.getCode().writeTo(content);
        content.writeUTF(center.getLabel());
      }
      content.writeInt(generation.getPartitions());
      content.writeInt(generation.getPartitionOfCenterCount());
      for (int partition : generation.getPartitionOfCenterList()) {
        content.writeInt(partition);
      }
      content.writeInt(generation.getReplicationRadius());
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
