package dev.mekiki.index.streamsinternals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A task turns out to be corrupted while the group rebalances: what another task of the same
/// thread has processed must not be lost. With the clients that Kafka Streams has by default it is.
class WholeTransactionsTest {
  private static final String IN = "in";
  private static final String OUT = "out";
  private static final String BLOCK = "block";
  private static final String CORRUPT = "corrupt";
  private static final String KEPT = "kept";

  /// The others of the group hear of a rebalance by heartbeats, once a second.
  private static final Duration HEARD = Duration.ofSeconds(5);

  @TempDir private Path directory;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final CountDownLatch blocked = new CountDownLatch(1);

  @Test
  void whatATransactionOfOthersHeldIsProcessedAgain() throws Exception {
    List<KafkaStreams> instances = new ArrayList<>();
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")))) {
      String servers = broker.bootstrapServers();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
          KafkaProducer<String, String> producer =
              new KafkaProducer<>(
                  Map.of("bootstrap.servers", servers),
                  new StringSerializer(),
                  new StringSerializer())) {
        admin
            .createTopics(List.of(new NewTopic(IN, 4, (short) 1), new NewTopic(OUT, 1, (short) 1)))
            .all()
            .get(30, TimeUnit.SECONDS);
        instances.add(start(servers, 0));
        instances.add(start(servers, 1));
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                partitions(instances.getFirst()).size() == 2
                    && partitions(instances.getLast()).size() == 2);
        List<Integer> own = partitions(instances.getFirst());

        // A rebalance lasts until each member has joined again; this one does not.
        send(producer, partitions(instances.getLast()).getFirst(), BLOCK);
        instances.add(start(servers, 2));
        Thread.sleep(HEARD);
        send(producer, own.getFirst(), KEPT);
        send(producer, own.getLast(), CORRUPT);
        blocked.countDown();

        List<String> out = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(servers)) {
          consumer.subscribe(List.of(OUT));
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .pollInterval(Duration.ofMillis(100))
              .untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> out.add(record.value()));
                assertThat(out).containsExactlyInAnyOrder(BLOCK, KEPT, CORRUPT);
              });
        }
      } finally {
        blocked.countDown();
        instances.forEach(instance -> instance.close(Duration.ofSeconds(10)));
      }
    }
  }

  private KafkaStreams start(String servers, int number) {
    Topology topology = new Topology();
    topology.addSource("source", IN);
    topology.addProcessor("processor", Following::new, "source");
    topology.addSink("sink", OUT, "processor");
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "whole-transactions");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state-" + number).toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
    KafkaStreams streams = new KafkaStreams(topology, properties, new WholeTransactions());
    streams.start();
    return streams;
  }

  private static List<Integer> partitions(KafkaStreams instance) {
    return instance.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .map(task -> task.taskId().partition())
        .sorted()
        .toList();
  }

  /// Returns once it is being processed.
  private void send(KafkaProducer<String, String> producer, int partition, String value) {
    var _ = producer.send(new ProducerRecord<>(IN, partition, value, value));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> seen.contains(value));
  }

  private static KafkaConsumer<String, String> consumer(String servers) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            servers,
            "group.id",
            "reader",
            "auto.offset.reset",
            "earliest",
            "isolation.level",
            "read_committed"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  /// Does what its records say.
  private final class Following implements Processor<String, String, String, String> {
    private @Nullable ProcessorContext<String, String> context;

    @Override
    public void init(ProcessorContext<String, String> context) {
      this.context = context;
    }

    @Override
    public void process(Record<String, String> record) {
      ProcessorContext<String, String> attached = context;
      if (attached == null) {
        throw new IllegalStateException("process before init");
      }
      boolean isFirst = seen.add(record.value());
      if (isFirst && record.value().equals(CORRUPT)) {
        throw new TaskCorruptedException(Set.of(attached.taskId()));
      }
      if (isFirst && record.value().equals(BLOCK)) {
        try {
          blocked.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      attached.forward(record);
    }
  }
}
