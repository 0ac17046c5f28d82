package dev.mekiki.index;

import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/// Readiness of streams that are made after the server that reports it.
final class Readiness {
  private volatile @Nullable KafkaStreams streams;

  void of(KafkaStreams watched) {
    streams = watched;
  }

  boolean isReady() {
    KafkaStreams watched = streams;
    return watched != null && watched.state() == KafkaStreams.State.RUNNING;
  }
}
