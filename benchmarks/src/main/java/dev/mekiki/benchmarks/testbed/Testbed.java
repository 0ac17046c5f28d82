package dev.mekiki.benchmarks.testbed;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.files.TemporaryDirectory;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An embedded broker without topics, in a directory that is deleted with it.
public final class Testbed implements AutoCloseable {
  /// Names of directories of benchmarks begin so.
  public static final String PREFIX = "mekiki-bench-";

  private final TemporaryDirectory directory;
  private final EmbeddedBroker broker;
  private final Set<Long> brokerThreads;

  private Testbed(TemporaryDirectory directory, EmbeddedBroker broker, Set<Long> brokerThreads) {
    this.directory = directory;
    this.broker = broker;
    this.brokerThreads = brokerThreads;
  }

  /// Starts a broker and waits until it answers.
  ///
  /// @param parent where its data lies, to choose the disk that is measured; null for the system's
  ///   directory for temporary files
  public static Testbed start(@Nullable Path parent) throws IOException {
    TemporaryDirectory directory = TemporaryDirectory.create(parent, PREFIX);
    try {
      Set<Long> before = threads();
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              new BrokerSettings(directory.path().resolve("broker"), "127.0.0.1", 0));
      Set<Long> started = threads();
      started.removeAll(before);
      return new Testbed(directory, broker, started);
    } catch (RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  /// The broker's share of the CPU: that of all threads that its start created.
  public CpuShare brokerCpu() {
    return new CpuShare(brokerThreads);
  }

  /// Configuration of services under a topic prefix of their own.
  ///
  /// @param name separates the topics of one part of a run from those of the others
  /// @param settings keys and values beside it
  public Configuration configuration(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("mekiki.kafka.bootstrap-servers", broker.bootstrapServers());
    all.put("mekiki.topics.prefix", name + ".");
    all.put("mekiki.index.port", "0");
    all.put("mekiki.index.standby-replicas", "0");
    all.put("mekiki.index.state-dir", directory.path().resolve("index-" + name).toString());
    // The environment is ignored: it may configure a service that is not measured here.
    return Configuration.load(
        List.of(EncoderConfig.class, IndexConfig.class, QueryConfig.class), all, null, Map.of());
  }

  /// Creates the topics that an index service expects, and announces a generation to it.
  ///
  /// @param name as of {@link #configuration}
  /// @param partitions of `matches`
  public void announce(String name, int partitions, Generation generation) {
    Topics topics = topics(name);
    short replication = 1;
    TopicProvisioner.ensure(
        clients(),
        List.of(
            TopicSpec.generations(topics, replication),
            TopicSpec.matches(topics, partitions, replication)));
    var _ = new GenerationRegistry(clients(), topics).announce(generation, false);
  }

  /// host:port of the broker.
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  public KafkaClients clients() {
    IndexConfig config =
        Configuration.of(
            IndexConfig.class, Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
    return new KafkaClients(config.kafka(), config.images());
  }

  public static Topics topics(String name) {
    return new Topics(name + ".");
  }

  public Path directory() {
    return directory.path();
  }

  @Override
  public void close() throws IOException {
    broker.close();
    directory.close();
  }

  private static Set<Long> threads() {
    Set<Long> ids = new HashSet<>();
    Thread.getAllStackTraces().keySet().forEach(thread -> ids.add(thread.threadId()));
    return ids;
  }
}
