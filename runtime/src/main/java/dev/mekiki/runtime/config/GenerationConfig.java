package dev.mekiki.runtime.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/// `mekiki.generation.*`: the generation that the encoder service announces where none is active.
public interface GenerationConfig {
  /// Partitions of `code-placements`.
  @WithConverter(Converters.Partitions.class)
  @WithDefault("8")
  int partitions();

  /// Retire another active generation and read everything again from the topics, rather than refuse
  /// to start.
  @WithDefault("false")
  boolean reindex();
}
