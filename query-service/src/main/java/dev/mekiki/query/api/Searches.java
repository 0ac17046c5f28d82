package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.HedgedPartitions;
import dev.mekiki.query.search.ActiveGeneration;
import dev.mekiki.query.search.FanOut;
import dev.mekiki.query.search.Query;
import dev.mekiki.query.search.SearchOutcome;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers searches: finds the codes of what is searched for, asks the partitions, words the
/// answer. Thread-safe; a search blocks.
final class Searches {
  private final Backend backend;
  private final RequestCheck check;
  private final SearchMetrics metrics;

  Searches(Backend backend, RequestCheck check, SearchMetrics metrics) {
    this.backend = backend;
    this.check = check;
    this.metrics = metrics;
  }

  /// What is searched for, in codes.
  private record Codes(HashCode code, ByteString fingerprint, @Nullable String excludedId) {}

  SearchResponse search(SearchRequest request) throws InterruptedException {
    long start = System.nanoTime();
    ActiveGeneration generation = backend.generation();
    CheckedSearch search = check.search(request, generation.bits());
    ClusterView view = backend.routing().view().of(generation.id());
    Codes codes = codes(search.subject(), generation, view);
    Deadline deadline = Deadline.after(backend.limits().searchTimeout());
    FanOut fanOut =
        new FanOut(
            generation.routing(),
            new HedgedPartitions(
                view, generation.id(), backend.clients(), backend.hedging(), deadline));
    // One more than the limit tells whether the limit cut hits off.
    int k = search.limitIsOurs() ? search.limit() + 1 : search.limit();
    SearchOutcome outcome =
        fanOut.search(
            new Query(
                search.waves(),
                codes.code(),
                codes.fingerprint(),
                search.radius(),
                k,
                search.filter(),
                codes.excludedId()));
    metrics.searched(outcome, System.nanoTime() - start);
    if (search.requireComplete() && !outcome.complete()) {
      throw ApiException.unavailable(
          "partitions %s gave no answer within %d ms (expected: all, because require_complete is"
                  .formatted(listed(outcome), backend.limits().searchTimeout().toMillis())
              + " set; try again, or leave it out to take a partial answer)");
    }
    List<SearchHit> hits = outcome.hits();
    boolean truncated = hits.size() > search.limit();
    return SearchResponse.newBuilder()
        .addAllHits(truncated ? hits.subList(0, search.limit()) : hits)
        .setComplete(outcome.complete())
        .addAllMissingPartitions(outcome.missing())
        .setTruncated(truncated)
        .addAllStandby(outcome.standby())
        .setStatistics(outcome.statistics())
        .setCode(codes.code().toHex())
        .setGeneration(generation.id())
        .build();
  }

  private static String listed(SearchOutcome outcome) {
    return outcome.missing().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private Codes codes(CheckedSearch.Subject subject, ActiveGeneration generation, ClusterView view)
      throws InterruptedException {
    return switch (subject) {
      case CheckedSearch.Subject.ByCode(HashCode code) -> new Codes(code, ByteString.EMPTY, null);
      case CheckedSearch.Subject.ById(ImageId id) -> {
        PlacedImage image = backend.placedImage(view, id);
        yield new Codes(
            HashCode.fromBytes(image.getCode().getHashCode().toByteArray()),
            image.getCode().getFingerprint(),
            id.value());
      }
      case CheckedSearch.Subject.ByImage(ByteString image) -> {
        EncodeResponse encoded =
            backend
                .encoders()
                .encode(
                    image,
                    generation.record().getNetwork(),
                    Deadline.after(backend.limits().encodeTimeout()));
        yield new Codes(
            HashCode.fromBytes(encoded.getHashCode().toByteArray()),
            encoded.getFingerprint(),
            null);
      }
    };
  }
}
