package dev.mekiki.index;

import dev.mekiki.index.lifecycle.StateDirectory;
import dev.mekiki.index.server.RoutingWatch;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts that an instance has only while it serves its generation: they are closed with the
/// instance, or before it where the generation is retired.
///
/// @param parts in the order in which they were started
record Serving(ReverseCloser parts, Readiness readiness, MeterRegistry metrics)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  /// What the names of metrics start with that say something of a generation.
  private static final List<String> OF_GENERATION =
      List.of("mekiki.index.", "mekiki.match.", "mekiki.policy.");

  /// For the stream threads to commit and leave the group. It takes a fraction of that while Kafka
  /// answers.
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(8);

  Serving(Readiness readiness, MeterRegistry metrics) {
    this(new ReverseCloser(), readiness, metrics);
  }

  <T extends AutoCloseable> T add(T part) {
    return parts.add(part);
  }

  void add(KafkaStreams streams, StateDirectory state) {
    parts.add("stream threads", () -> close(streams, state));
  }

  private static void close(KafkaStreams streams, StateDirectory state) {
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_LIMIT));
    if (!closed) {
      log.warn("Stream threads did not end in time limit={}", CLOSE_LIMIT);
    }
    state.touch();
  }

  /// Ends the work on a generation that was retired. The server goes on and names the instances
  /// beside this one.
  ///
  /// @param othersReady whether they do the work of the process
  void giveUp(RoutingWatch routing, BooleanSupplier othersReady) {
    readiness.givenUpFor(othersReady);
    close();
    routing.update(List.of());
    metrics.getMeters().stream()
        .filter(meter -> OF_GENERATION.stream().anyMatch(meter.getId().getName()::startsWith))
        .forEach(metrics::remove);
  }

  @Override
  public void close() {
    parts.close();
  }
}
