package dev.mekiki.reliability.load;

import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of one operation.
///
/// @param from when it was begun
/// @param to when its outcome was known
/// @param source where the record stands, of a write that is done
/// @param answer of a search that is done
/// @param error in one line, of all others
/// @param notFound whether a search was refused because there is no such image
public record Entry(
    Operation operation,
    Instant from,
    Instant to,
    Outcome outcome,
    @Nullable SourceCoordinate source,
    @Nullable SearchResponse answer,
    String error,
    boolean notFound) {
  static Entry done(Operation operation, Instant from, SourceCoordinate source) {
    return new Entry(operation, from, Instant.now(), Outcome.DONE, source, null, "", false);
  }

  static Entry answered(Operation operation, Instant from, SearchResponse answer) {
    return new Entry(operation, from, Instant.now(), Outcome.DONE, null, answer, "", false);
  }

  static Entry not(
      Operation operation,
      Instant from,
      Outcome outcome,
      @Nullable String error,
      boolean notFound) {
    return new Entry(
        operation, from, Instant.now(), outcome, null, null, String.valueOf(error), notFound);
  }
}
