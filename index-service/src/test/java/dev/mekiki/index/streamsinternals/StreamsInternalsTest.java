package dev.mekiki.index.streamsinternals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.index.lifecycle.StreamThreads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the index relies on in Kafka Streams beyond its public contract. Run this first after an
/// upgrade of Kafka.
class StreamsInternalsTest {
  private static final String STORE = "store";
  private static final String IN = "in";
  private static final String OUT = "out";

  @TempDir private static Path brokerDirectory;
  private static EmbeddedBroker broker;
  @TempDir private Path directory;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(brokerDirectory));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void innerStoreIsRestoredThroughTheOuterOne() {
    Registered registered = new Registered();
    MockProcessorContext<Void, Void> mock =
        new MockProcessorContext<>(new Properties(), new TaskId(1, 0), directory.toFile());
    StateStoreContext task = registered.over(mock.getStateStoreContext());
    KeyValueStore<Bytes, byte[]> inner = Stores.persistentKeyValueStore(STORE).get();
    RestoreHook hook = new RestoreHook(task);
    assertThat(RestoreHook.hasFiles(task, STORE)).isFalse();

    inner.init(hook.innerContext(), inner);
    hook.register(
        inner,
        (batch, innerRestore) ->
            innerRestore.restoreBatch(
                batch.stream().filter(record -> record.key()[0] != 'b').toList()));
    registered.restore().restoreBatch(List.of(record("a", 0), record("b", 1), record("c", 2)));

    assertThat(inner.get(key("a"))).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
    assertThat(inner.get(key("b"))).isNull();
    assertThat(inner.get(key("c"))).isNotNull();
    assertThat(RestoreHook.hasFiles(task, STORE)).isTrue();
    inner.close();
  }

  @Test
  void startOpensEachStoreOnDiskOnTheCallersThreadFirst() {
    Properties properties = properties("startup", directory.resolve("startup"));
    createTopics();
    StartupCheck check = new StartupCheck();
    for (int run = 0; run < 2; run++) {
      Collection<String> opened = new ConcurrentLinkedQueue<>();
      Topology topology =
          topology(
              new Recording(() ->
                  opened.add(Thread.currentThread().getName() + " checks: " + check.isRunning())));
      try (KafkaStreams streams = new KafkaStreams(topology, properties)) {
        check.whileStarting(streams::start);
        awaitRunning(streams);
        // The names of the metrics are those of this version.
        Awaitility.await().until(() -> StreamThreads.sincePoll(streams.metrics()).isPresent());
      }
      String here = Thread.currentThread().getName() + " checks: true";
      if (run == 0) {
        assertThat(opened).isNotEmpty().allMatch(name -> name.endsWith("checks: false"));
      } else {
        assertThat(opened).contains(here).anyMatch(name -> name.endsWith("checks: false"));
      }
    }
  }

  private static void awaitRunning(KafkaStreams streams) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> streams.state() == KafkaStreams.State.RUNNING);
  }

  private static void createTopics() {
    try (Admin admin = Admin.create(properties("admin", Path.of("unused")))) {
      admin
          .createTopics(List.of(new NewTopic(IN, 4, (short) 1), new NewTopic(OUT, 4, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e).hasMessageContaining("already exists");
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Topology topology(KeyValueBytesStoreSupplier supplier) {
    return topology(
        Stores.keyValueStoreBuilder(
            supplier,
            org.apache.kafka.common.serialization.Serdes.ByteArray(),
            org.apache.kafka.common.serialization.Serdes.ByteArray()));
  }

  private static Topology topology(StoreBuilder<? extends StateStore> store) {
    Topology topology = new Topology();
    topology.addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), IN);
    topology.addProcessor("processor", Storing::new, "source");
    topology.addStateStore(store, "processor");
    topology.addSink(
        "sink", OUT, new ByteArraySerializer(), new ByteArraySerializer(), "processor");
    return topology;
  }

  private static Properties properties(String application, Path state) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    properties.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
        broker == null ? "unused:9092" : broker.bootstrapServers());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
    // The second start waits until the first one's member has left.
    properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    return properties;
  }

  private static ConsumerRecord<byte[], byte[]> record(String text, long offset) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>(IN, 0, offset, bytes, bytes);
  }

  private static Bytes key(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Keeps records and forwards them.
  private static final class Storing implements Processor<byte[], byte[], byte[], byte[]> {
    private @Nullable ProcessorContext<byte[], byte[]> context;

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
      context = given;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      ProcessorContext<byte[], byte[]> attached = context;
      if (attached == null) {
        throw new IllegalStateException("process before init");
      }
      KeyValueStore<byte[], byte[]> store = attached.getStateStore(STORE);
      store.put(record.key(), record.value());
      attached.forward(record);
    }
  }

  /// A supplier of RocksDB stores that reports each opening.
  private record Recording(Runnable onOpen) implements KeyValueBytesStoreSupplier {
    @Override
    public String name() {
      return STORE;
    }

    @Override
    public String metricsScope() {
      return "rocksdb";
    }

    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return new Opened(Stores.persistentKeyValueStore(STORE).get(), onOpen);
    }
  }

  /// A RocksDB store that reports each opening.
  private static final class Opened
      extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
      implements KeyValueStore<Bytes, byte[]> {
    private final Runnable onOpen;

    Opened(KeyValueStore<Bytes, byte[]> store, Runnable onOpen) {
      super(store);
      this.onOpen = onOpen;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
      onOpen.run();
      super.init(context, root);
    }

    @Override
    public void put(Bytes key, byte[] value) {
      wrapped().put(key, value);
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
      return wrapped().putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<org.apache.kafka.streams.KeyValue<Bytes, byte[]>> entries) {
      wrapped().putAll(entries);
    }

    @Override
    public byte[] delete(Bytes key) {
      return wrapped().delete(key);
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
      return wrapped().get(key);
    }

    @Override
    public org.apache.kafka.streams.state.KeyValueIterator<Bytes, byte[]> range(
        Bytes from, Bytes to) {
      return wrapped().range(from, to);
    }

    @Override
    public org.apache.kafka.streams.state.KeyValueIterator<Bytes, byte[]> all() {
      return wrapped().all();
    }

    @Override
    public long approximateNumEntries() {
      return wrapped().approximateNumEntries();
    }
  }

  /// Keeps the restore callback that a store registers with its task.
  private static final class Registered {
    private final List<RecordBatchingStateRestoreCallback> callbacks = new ArrayList<>();

    RecordBatchingStateRestoreCallback restore() {
      assertThat(callbacks).hasSize(1);
      return callbacks.getFirst();
    }

    StateStoreContext over(StateStoreContext task) {
      return (StateStoreContext)
          java.lang.reflect.Proxy.newProxyInstance(
              StateStoreContext.class.getClassLoader(),
              new Class<?>[] {StateStoreContext.class},
              (_, method, arguments) -> {
                if (method.getName().equals("register")) {
                  callbacks.add((RecordBatchingStateRestoreCallback) arguments[1]);
                  return null;
                }
                return method.invoke(task, arguments);
              });
    }
  }
}
