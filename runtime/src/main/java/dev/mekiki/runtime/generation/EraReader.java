package dev.mekiki.runtime.generation;

import dev.mekiki.hashing.match.Eras;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.MatchSettings;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// Reads which cuts there are, as often as it is asked, and keeps its clients in between: who asks
/// holds up a stream of images. Thread-safe.
public final class EraReader implements Supplier<Eras>, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Supplier<GenerationReader> open;
  private final String generation;
  private final MatchSettings agreed;
  private @Nullable GenerationReader reader;

  /// @param skipped counts the records that are left out
  /// @param generation whose eras they are
  /// @param agreed its settings
  public EraReader(
      KafkaClients clients,
      Topics topics,
      SkippedRecords skipped,
      String generation,
      MatchSettings agreed) {
    this.open = () -> new GenerationReader(clients, topics, skipped);
    this.generation = generation;
    this.agreed = agreed;
  }

  /// The eras by all cuts that were made before the call.
  ///
  /// @throws KafkaException where they cannot be read within half a minute
  @Override
  public synchronized Eras get() {
    GenerationReader reading = reader;
    if (reading == null) {
      reading = open.get();
      reader = reading;
    }
    try {
      return reading.toEnd(LIMIT).eras(generation, agreed);
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
