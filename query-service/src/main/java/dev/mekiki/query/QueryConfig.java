package dev.mekiki.query;

import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.runtime.config.TenantsConfig;
import dev.mekiki.runtime.config.TopicsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/// The configuration of the query service.
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

  /// `mekiki.tenants.*`.
  TenantsConfig tenants();

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

    /// host:port of one or more index instances; they name all others.
    @WithConverter(Address.class)
    @WithDefault("127.0.0.1:7072")
    List<String> indexAddresses();

    /// host:port of one or more encoder instances; each is tried in turn.
    @WithConverter(Address.class)
    @WithDefault("127.0.0.1:7071")
    List<String> encoderAddresses();

    /// Most hits of one search.
    @WithConverter(MaxHits.class)
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

    /// How long all encoders together have to lay a query image over what may be copies of it;
    /// after that the rest is answered as not verified.
    @WithConverter(Converters.Time.class)
    @WithDefault("3s")
    Duration alignTimeout();

    /// How long the broker has to acknowledge an image.
    @WithConverter(Converters.Time.class)
    @WithDefault("15s")
    Duration sendTimeout();

    /// How long Kafka has to give the thumbnail of an image; after that an image is answered
    /// without.
    @WithConverter(Converters.Time.class)
    @WithDefault("2s")
    Duration thumbnailTimeout();

    /// Most open streams of matches; one more is refused with 429.
    @WithConverter(Converters.Count.class)
    @WithDefault("1000")
    int maxStreams();

    /// Most streams at once that read earlier matches, each with a Kafka consumer of its own. One
    /// more from the beginning is refused with 429; a stream that catches up waits.
    @WithConverter(Converters.Count.class)
    @WithDefault("16")
    int maxReplays();

    /// Most bytes of request bodies held at once, images above all; one more is refused with 429. A
    /// single body always fits.
    @WithConverter(Converters.MemoryBytes.class)
    @WithDefault("256MiB")
    long maxBodyBytes();
  }
}
