package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.HedgedPartitions;
import dev.mekiki.query.search.FanOut;
import dev.mekiki.query.search.Query;
import dev.mekiki.query.search.SearchOutcome;
import dev.mekiki.query.search.Waves;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SearchStatistics;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers search requests: gets the code of what is searched for, asks the partitions, builds the
/// response. Thread-safe; a search blocks.
final class SearchOperation {
  private final Backend backend;
  private final RequestCheck check;
  private final SearchMetrics metrics;
  private final CopyOperation copies;

  SearchOperation(Backend backend, RequestCheck check, SearchMetrics metrics) {
    this.backend = backend;
    this.check = check;
    this.metrics = metrics;
    this.copies =
        new CopyOperation(
            backend.clients(), backend.encoders(), backend.placedImages(), backend.limits());
  }

  /// What to search for.
  ///
  /// @param fingerprint 32 bytes, or empty in a search by code
  /// @param imageId the indexed image that the search starts from, or null
  /// @param encoded the picture whose copies are looked for, or null
  private record Subject(
      HashCode code,
      ByteString fingerprint,
      @Nullable String imageId,
      @Nullable EncodeResponse encoded) {}

  /// Whose images a search may touch; null for everybody's.
  ///
  /// @param subject those by whose id it may start
  /// @param hits those that it may find
  record Visible(@Nullable String subject, @Nullable String hits) {}

  SearchResponse search(SearchRequest request, Visible visible) throws InterruptedException {
    long start = System.nanoTime();
    GenerationGeometry generation = backend.generation();
    RequestCheck.SearchLimits limits = check.limits(request, generation.bits());
    boolean copiesWanted = CopyOperation.isWanted(request, backend.view(generation));
    Subject subject = subject(request, generation, visible.subject(), copiesWanted);
    // After the lookup of an id, which may have waited for a partition that moved.
    ClusterView view = backend.view(generation);
    @Nullable EncodeResponse picture = subject.encoded();
    CopyOperation.@Nullable Running running =
        picture == null
            ? null
            : copies.start(
                picture,
                generation.id(),
                view,
                new CopyOperation.Wanted(request.getFilterMap(), visible.hits()));
    // One more than the service's limit shows whether the limit cut hits off.
    int k = limits.everything() ? limits.k() + 1 : limits.k();
    SearchOutcome outcome =
        fanOut(generation, view)
            .search(
                new Query(
                    subject.code(),
                    subject.fingerprint(),
                    limits.radius(),
                    k,
                    request.getFilterMap(),
                    visible.hits(),
                    picture == null ? null : CopyOperation.picture(picture),
                    request.getDescribe()),
                limits.everything() ? Waves.ALL_AT_ONCE : Waves.CLOSEST_FIRST,
                subject.imageId());
    CopyOperation.@Nullable Answer found = running == null ? null : running.finish(outcome.hits());
    metrics.searched(outcome, System.nanoTime() - start);
    if (request.getRequireComplete()) {
      requireComplete(outcome, found);
    }
    List<SearchHit> hits =
        request.getDescribe() ? labelled(outcome.hits(), generation.centers()) : outcome.hits();
    boolean truncated = hits.size() > limits.k();
    SearchResponse.Builder response =
        SearchResponse.newBuilder()
            .addAllHits(truncated ? hits.subList(0, limits.k()) : hits)
            .setComplete(outcome.complete())
            .addAllMissingPartitions(outcome.missing())
            .setTruncated(truncated)
            .addAllStandby(outcome.standby())
            .setStatistics(shown(outcome.statistics(), visible))
            .setCode(subject.code().toHex())
            .setGeneration(generation.id());
    if (found != null) {
      metrics.copies(found);
      response
          .setComplete(outcome.complete() && found.search().getComplete())
          .addAllCopies(found.copies())
          .addAllSharedElements(found.sharedElements())
          .setCopySearch(found.search());
    }
    return response.build();
  }

  private static List<SearchHit> labelled(List<SearchHit> hits, CenterTable centers) {
    return hits.stream()
        .map(hit -> hit.toBuilder().setCenterLabel(centers.label(hit.getCenter())).build())
        .toList();
  }

  /// What was compared, unless it counts images that the caller does not see.
  private static SearchStatistics shown(SearchStatistics statistics, Visible visible) {
    return visible.subject() == null
        ? statistics
        : SearchStatistics.newBuilder().setPartitions(statistics.getPartitions()).build();
  }

  private void requireComplete(SearchOutcome outcome, CopyOperation.@Nullable Answer copies) {
    if (!outcome.complete()) {
      throw ApiException.unavailable(
          "partitions %s gave no answer within %d ms (expected: all, because require_complete is"
                  .formatted(listed(outcome), backend.limits().searchTimeout().toMillis())
              + " set; try again, or leave it out to take a partial answer)");
    }
    if (copies != null && !copies.search().getComplete()) {
      throw ApiException.unavailable(
          "copies: %s (expected: all verified, because require_complete is set; try again, or leave it out"
                  .formatted(copies.search().getReason())
              + " to take a partial answer)");
    }
  }

  private FanOut fanOut(GenerationGeometry generation, ClusterView view) {
    return new FanOut(
        generation.routing(),
        new HedgedPartitions(
            view,
            generation.id(),
            backend.clients(),
            backend.hedging(),
            Deadline.after(backend.limits().searchTimeout())));
  }

  private static String listed(SearchOutcome outcome) {
    return outcome.missing().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private Subject subject(
      SearchRequest request,
      GenerationGeometry generation,
      @Nullable String tenant,
      boolean copiesWanted)
      throws InterruptedException {
    return switch (request.getQueryCase()) {
      case CODE ->
          new Subject(
              RequestCheck.code(request.getCode(), generation.bits()),
              ByteString.EMPTY,
              null,
              null);
      case ID -> {
        ImageId id = check.id(request.getId());
        PlacedImage image = backend.placedImage(generation, id, tenant).image();
        yield new Subject(
            HashCode.fromBytes(image.getCode().getHashCode().toByteArray()),
            image.getCode().getFingerprint(),
            id.value(),
            null);
      }
      case IMAGE -> {
        check.imageBytes(request.getImage().size());
        EncodeResponse encoded =
            backend
                .encoders()
                .encode(
                    EncodeRequest.newBuilder()
                        .setImage(request.getImage())
                        .setLandmarks(copiesWanted)
                        .build(),
                    generation.network(),
                    Deadline.after(backend.limits().encodeTimeout()));
        yield new Subject(
            HashCode.fromBytes(encoded.getHashCode().toByteArray()),
            encoded.getFingerprint(),
            null,
            copiesWanted ? encoded : null);
      }
      case QUERY_NOT_SET ->
          throw ApiException.invalid("query: none (expected: one of image, id and code)");
    };
  }
}
