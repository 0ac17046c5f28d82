package dev.mekiki.index.server;

import static dev.mekiki.index.server.IndexEndpoint.invalid;
import static dev.mekiki.index.server.IndexEndpoint.refused;

import dev.mekiki.index.copies.StoredCopies;
import dev.mekiki.index.partition.StoredMatching;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.AwaitDecisionsResponse;
import dev.mekiki.schemas.v1.FindCopiesAgainRequest;
import dev.mekiki.schemas.v1.FindCopiesAgainResponse;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.MatchAgainRequest;
import dev.mekiki.schemas.v1.MatchAgainResponse;
import dev.mekiki.schemas.v1.MatchRules;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what keeps stored images from being matched again into refusals. Thread-safe.
///
/// @param stored answers
/// @param copies the same of copies; null where they are not looked for
/// @param decisions what people decided, as far as it was read
/// @param names of topics and group
/// @param noted whether the ids of all events were
public record RematchFinder(
    StoredMatching stored,
    @Nullable StoredCopies copies,
    Decisions decisions,
    Names names,
    Noted noted) {
  private static final Duration READ_LIMIT = Duration.ofSeconds(5);

  /// What people decided, as far as it was read.
  @FunctionalInterface
  public interface Decisions {
    /// Waits until a record was read; false where that takes longer than the limit.
    boolean awaitRead(String topic, long offset, Duration limit) throws InterruptedException;
  }

  /// Where the instances' work is found.
  ///
  /// @param group their consumer group
  /// @param placements the topic of placements
  /// @param probes the topic of probes
  /// @param reported the topic of the ids of events
  /// @param landmarkProbes the topic of probes between partitions of landmarks
  public record Names(
      String group, String placements, String probes, String reported, String landmarkProbes) {}

  /// Of which events the ids were noted from the first one on.
  ///
  /// @param events those that bytes, fingerprints and codes decide
  /// @param copies those that an alignment decides
  public record Noted(boolean events, boolean copies) {}

  void describe(MatchRules.Builder rules) {
    rules
        .setEventsNoted(noted.events())
        .setCopiesNoted(noted.copies())
        .setGroup(names.group())
        .setPlacementsTopic(names.placements())
        .setProbesTopic(names.probes())
        .setReportedTopic(names.reported());
    if (copies != null) {
      rules.setLandmarkProbesTopic(names.landmarkProbes());
    }
  }

  AwaitDecisionsResponse await(AwaitDecisionsRequest request) {
    try {
      for (Map.Entry<String, Long> topic : request.getOffsetsMap().entrySet()) {
        if (!decisions.awaitRead(topic.getKey(), topic.getValue() - 1, READ_LIMIT)) {
          throw refused(
              Status.UNAVAILABLE,
              "decisions up to offset %d of their topic are not read within %d s (expected: a topic that this"
                      .formatted(topic.getValue(), READ_LIMIT.toSeconds())
                  + " instance may read; try again)");
        }
      }
      return AwaitDecisionsResponse.getDefaultInstance();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(Status.UNAVAILABLE, "this instance is stopping");
    }
  }

  Arrivals arrivals(GetArrivalsRequest request) {
    requireServed(request.getGeneration(), stored.geometry());
    return active(stored.arrivals(request), request.getPartition());
  }

  ListArrivalsResponse list(ListArrivalsRequest request) {
    requireServed(request.getGeneration(), stored.geometry());
    if (request.getLimit() < 1 || request.getLimit() > StoredMatching.MAX_IMAGES) {
      throw invalid(
          "limit: %d (expected: 1..%d)".formatted(request.getLimit(), StoredMatching.MAX_IMAGES));
    }
    return active(stored.list(request), request.getPartition());
  }

  MatchAgainResponse match(MatchAgainRequest request) {
    requireServed(request.getGeneration(), stored.geometry());
    if (!stored.isOn()) {
      throw refused(
          Status.FAILED_PRECONDITION,
          "images are kept for searches alone (expected: mekiki.match.max-events-per-arrival above 0)");
    }
    if (request.getImagesCount() > StoredMatching.MAX_IMAGES) {
      throw invalid(
          "images: %d (expected: at most %d)"
              .formatted(request.getImagesCount(), StoredMatching.MAX_IMAGES));
    }
    try {
      return active(stored.match(request), request.getPartition());
    } catch (DefectiveRecordException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  Arrivals copyArrivals(GetArrivalsRequest request) {
    requireServed(request.getGeneration(), stored.geometry());
    return active(requireCopies().arrivals(request), request.getPartition());
  }

  FindCopiesAgainResponse findCopies(FindCopiesAgainRequest request) {
    requireServed(request.getGeneration(), stored.geometry());
    StoredCopies finder = requireCopies();
    if (request.getImagesCount() > StoredCopies.MAX_IMAGES) {
      throw invalid(
          "images: %d (expected: at most %d)"
              .formatted(request.getImagesCount(), StoredCopies.MAX_IMAGES));
    }
    try {
      return active(finder.find(request), request.getPartition());
    } catch (DefectiveRecordException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private StoredCopies requireCopies() {
    if (copies == null) {
      throw IndexEndpoint.copiesAreOff();
    }
    return copies;
  }

  /// @throws StatusRuntimeException where another generation is asked for than is served
  static void requireServed(String generation, GenerationGeometry geometry) {
    if (!generation.equals(geometry.id())) {
      throw refused(
          Status.FAILED_PRECONDITION,
          "generation: '%s' (expected: '%s', which this instance serves)"
              .formatted(BoundedText.quote(generation), geometry.id()));
    }
  }

  private static <T> T active(@Nullable T answer, int partition) throws StatusRuntimeException {
    if (answer == null) {
      throw refused(
          Status.UNAVAILABLE,
          "partition %d is not active here (expected: another instance; WatchRouting says which)"
              .formatted(partition));
    }
    return answer;
  }
}
