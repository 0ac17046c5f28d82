package dev.mekiki.index;

import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/// Readiness of streams that are made after the server that reports it, and of the instances beside
/// them once they are given up. Thread-safe.
final class Readiness {
  private volatile @Nullable KafkaStreams streams;
  private volatile @Nullable BooleanSupplier others;

  void of(KafkaStreams watched) {
    streams = watched;
  }

  /// The generation was given up: from now on others decide.
  ///
  /// @param ready whether they do the work of this process
  void givenUpFor(BooleanSupplier ready) {
    others = ready;
  }

  boolean isReady() {
    BooleanSupplier beside = others;
    if (beside != null) {
      return beside.getAsBoolean();
    }
    KafkaStreams watched = streams;
    return watched != null && watched.state() == KafkaStreams.State.RUNNING;
  }

  String whyNot() {
    if (others != null) {
      return ": its generation was retired, and the active one is not served here (expected: an"
          + " instance of it beside this one; one that was started for a generation can be stopped)";
    }
    KafkaStreams watched = streams;
    return ", in state %s (expected: RUNNING; a large state takes longer)"
        .formatted(watched == null ? "CREATED" : watched.state());
  }
}
