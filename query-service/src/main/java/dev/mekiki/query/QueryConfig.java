package dev.mekiki.query;

import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.runtime.config.TopicsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/// What the query service is configured by.
@ConfigMapping(prefix = "mekiki")
public interface QueryConfig {
  /// `mekiki.kafka.*`.
  KafkaConfig kafka();

  /// `mekiki.topics.*`.
  TopicsConfig topics();

  /// `mekiki.images.*`.
  ImageLimits images();

  /// `mekiki.server.*`.
  ServerConfig server();

  /// `mekiki.query.*`.
  Query query();

  /// `mekiki.query.*`: the service itself.
  interface Query extends ListenConfig {
    @Override
    @WithDefault("127.0.0.1")
    String host();

    @Override
    @WithConverter(Converters.Port.class)
    @WithDefault("8080")
    int port();

    /// host:port of one or more index instances; they tell of all others.
    @WithConverter(Address.class)
    @WithDefault("127.0.0.1:7072")
    List<String> indexAddresses();

    /// host:port of one or more encoder instances; each is tried in turn.
    @WithConverter(Address.class)
    @WithDefault("127.0.0.1:7071")
    List<String> encoderAddresses();

    /// Most hits of one search.
    @WithConverter(Converters.Count.class)
    @WithDefault("1000")
    int maxHits();

    /// After this time the partitions that have not answered are missing from the answer.
    @WithConverter(Converters.Time.class)
    @WithDefault("5s")
    Duration searchTimeout();

    /// How long an active instance has alone before a standby is asked as well.
    @WithConverter(Converters.Time.class)
    @WithDefault("250ms")
    Duration hedgeDelay();

    /// How long all encoders together have for a query image.
    @WithConverter(Converters.Time.class)
    @WithDefault("15s")
    Duration encodeTimeout();

    /// How long the broker has to acknowledge an image.
    @WithConverter(Converters.Time.class)
    @WithDefault("15s")
    Duration sendTimeout();
  }
}
