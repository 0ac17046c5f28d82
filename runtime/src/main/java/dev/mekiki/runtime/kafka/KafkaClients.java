package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.schemas.topic.TopicSpec;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/// Settings for every kind of Kafka client, as maps that the clients' constructors and Kafka
/// Streams take. `mekiki.kafka.client.*` passes through, and what `mekiki.kafka.settings-file`
/// holds, except where it would break a guarantee: isolation, idempotence, acknowledgement and
/// sizes win over it. Immutable, thread-safe.
///
/// Serializers are given to the clients' constructors.
public final class KafkaClients {
  /// Longest life of a transaction: a dead instance's open one blocks read-committed readers that
  /// long.
  public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private static final String SETTINGS_FILE = "mekiki.kafka.settings-file";

  private final KafkaConfig config;
  private final Map<String, String> passedThrough;
  private final int recordBytes;

  /// Reads the file of settings where one is named.
  ///
  /// @param config where Kafka is
  /// @param limits the byte limit of images decides about sizes of requests and fetches
  /// @throws StartException where the file cannot be read
  public KafkaClients(KafkaConfig config, ImageLimits limits) {
    this.config = config;
    Map<String, String> settings = new HashMap<>();
    config.settingsFile().ifPresent(file -> settings.putAll(read(file)));
    settings.putAll(config.client());
    this.passedThrough = Map.copyOf(settings);
    this.recordBytes = TopicSpec.deadLetterBytes(limits.maxBytes());
  }

  /// host:port of one or more brokers, as configured.
  public String bootstrapServers() {
    return config.bootstrapServers();
  }

  /// What every client needs: the brokers' addresses and what passes through.
  public Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(passedThrough);
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    return properties;
  }

  /// For an admin client.
  public Map<String, Object> admin() {
    return common();
  }

  /// For a consumer that reads from the beginning what is committed, and commits nothing by itself.
  /// Without a group: for a reader that assigns its partitions itself.
  public Map<String, Object> consumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, recordBytes);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Math.max(recordBytes, 50 << 20));
    return properties;
  }

  /// For a consumer in a group; see {@link #consumer()}.
  public Map<String, Object> consumer(String groupId) {
    Map<String, Object> properties = consumer();
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    return properties;
  }

  /// For a producer whose every acknowledged record is on all in-sync replicas, once.
  public Map<String, Object> producer() {
    Map<String, Object> properties = common();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, recordBytes);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(32L << 20, 2L * recordBytes));
    return properties;
  }

  /// For a producer that writes in transactions.
  ///
  /// @param transactionalId the same at every start of an instance, so that a restart ends what its
  ///   predecessor left open
  public Map<String, Object> transactionalProducer(String transactionalId) {
    Map<String, Object> properties = producer();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
    // The broker refuses the first batch of a transaction while it still writes the markers of the
    // one before. A batch of the same partition that is in flight behind it is then out of order,
    // which the broker logs as an error. Both are sent again anyway.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    return properties;
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "there is no such file", e);
    } catch (AccessDeniedException e) {
      throw unreadable(file, "access denied", e);
    } catch (MalformedInputException e) {
      throw unreadable(file, "it is not UTF-8", e);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
    Map<String, String> settings = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name)));
    // A file of Mekiki's keys in the place of Kafka's would have no effect, and nobody would know.
    settings.keySet().stream()
        .filter(name -> name.startsWith("mekiki."))
        .sorted()
        .findFirst()
        .ifPresent(name -> {
          throw new StartException(
              "%s: '%s' holds %s (expected: settings under Kafka's own names, such as sasl.jaas.config)"
                  .formatted(SETTINGS_FILE, file, name));
        });
    return settings;
  }

  private static StartException unreadable(Path file, String reason, Exception cause) {
    return new StartException(
        "%s: '%s' cannot be read: %s (expected: a properties file of settings for Kafka's clients)"
            .formatted(SETTINGS_FILE, file, reason),
        cause);
  }
}
