package dev.mekiki.runtime.config;

import dev.mekiki.schemas.topic.Topics;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// `mekiki.topics.*`: names and sizes of the topics that services create.
public interface TopicsConfig {
  /// What every topic's name starts with.
  @WithConverter(Converters.TopicPrefix.class)
  @WithDefault(Topics.DEFAULT_PREFIX)
  String prefix();

  /// Partitions of `images`, `image-codes` and `thumbnails`, which must have as many.
  @WithConverter(Converters.Partitions.class)
  @WithDefault("8")
  int partitions();

  /// Partitions of `image-landmarks`, among which the search for copies is spread. Each image is
  /// looked up in all of them.
  @WithConverter(Converters.Partitions.class)
  @WithDefault("4")
  int landmarkPartitions();

  /// Copies of each record; 3 in production.
  @WithConverter(Converters.Replication.class)
  @WithDefault("1")
  short replication();

  /// How long probes between partitions are kept, and pairs that wait to be verified: index
  /// instances and encoders may be stopped for so long without losing matches. Counts when the
  /// topic is created; an existing one keeps its retention.
  @WithConverter(Converters.Time.class)
  @WithDefault("168h")
  Duration probesRetention();

  /// The topics' names.
  default Topics names() {
    return new Topics(prefix());
  }
}
