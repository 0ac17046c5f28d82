package dev.mekiki.runtime.generation;

import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Reads what the topic `generations` says, as often as it is asked, and keeps its clients in
/// between: an answer takes a few milliseconds. Thread-safe.
public final class GenerationsReader implements Supplier<Generations>, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Supplier<GenerationReader> open;
  private @Nullable GenerationReader reader;

  /// @param skipped counts the records that are left out
  public GenerationsReader(KafkaClients clients, Topics topics, SkippedRecords skipped) {
    this.open = () -> new GenerationReader(clients, topics, skipped);
  }

  /// What was committed before the call.
  ///
  /// @throws KafkaException where it cannot be read within half a minute
  @Override
  public synchronized Generations get() {
    GenerationReader reading = reader;
    if (reading == null) {
      reading = open.get();
      reader = reading;
    }
    try {
      return reading.toEnd(LIMIT);
    } catch (KafkaException e) {
      close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    GenerationReader reading = reader;
    reader = null;
    if (reading != null) {
      reading.close();
    }
  }
}
