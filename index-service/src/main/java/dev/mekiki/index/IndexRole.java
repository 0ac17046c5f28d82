package dev.mekiki.index;

import dev.mekiki.index.lifecycle.StateDirectory;
import dev.mekiki.runtime.config.ListenConfig;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an instance is in its process: the one that was started, or one beside it, for another
/// generation.
///
/// @param generation the generation to serve, or the first digits of its id; null for the active
///   one
/// @param port to listen on, 0 for a free one
/// @param state of the instance beside which this one runs; null for the one that was started
record IndexRole(@Nullable String generation, int port, @Nullable StateDirectory state) {
  /// The instance that was started.
  static IndexRole first(IndexConfig config) {
    return new IndexRole(config.index().generation().orElse(null), config.index().port(), null);
  }

  /// An instance beside it.
  static IndexRole beside(IndexConfig config, String generation, StateDirectory state) {
    return new IndexRole(generation, config.index().besidePort(), state);
  }

  boolean isBeside() {
    return state != null;
  }

  /// Whether others run beside this one: not where it was started for one generation.
  boolean isFollowing() {
    return state == null && generation == null;
  }

  /// Opens the directory of state, or a part of that of the instance beside which this one runs.
  StateDirectory openState(
      IndexConfig config, String applicationId, Duration deleteRetention, Clock clock) {
    return state == null
        ? StateDirectory.open(config.index().stateDir(), applicationId, deleteRetention, clock)
        : StateDirectory.beside(state, applicationId, deleteRetention, clock);
  }

  ListenConfig listen(IndexConfig config) {
    String host = config.index().host();
    return new ListenConfig() {
      @Override
      public String host() {
        return host;
      }

      @Override
      public int port() {
        return port;
      }
    };
  }

  /// Where others reach the instance: of one beside another, the port is its own.
  ///
  /// @param bound host:port that it listens on
  String advertised(IndexConfig config, String bound) {
    @Nullable String configured = config.index().advertisedAddress().orElse(null);
    if (configured == null || !isBeside()) {
      return configured == null ? bound : configured;
    }
    return configured.substring(0, configured.lastIndexOf(':'))
        + bound.substring(bound.lastIndexOf(':'));
  }
}
