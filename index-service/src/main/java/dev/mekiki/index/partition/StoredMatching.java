package dev.mekiki.index.partition;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.match.MatchDecision;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.questions.PartitionQuestions;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.ArrivedImage;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchAgainRequest;
import dev.mekiki.schemas.v1.MatchAgainResponse;
import dev.mekiki.schemas.v1.MatchesOfImage;
import dev.mekiki.schemas.v1.Placement;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Answers who matches again what is stored: which images there are, and which pairs they make by
/// what is decided now. The stream thread of a partition works the answers out, one image at a
/// time, and nothing is changed. Thread-safe; each call blocks until it is answered.
public final class StoredMatching {
  /// Most images looked at, or looked up, in one call.
  public static final int MAX_IMAGES = 1000;

  private final GenerationGeometry geometry;
  private final MatchSettings settings;
  private final MatchRule rule;
  private final CandidateCriteria criteria;
  private final HostedPartitions hosted;
  private final Retention retention;
  private final InstantSource clock;

  /// @param geometry the generation served
  /// @param settings what is a match
  /// @param filter leaves out pairs that match
  /// @param hosted has the stores
  /// @param retention of images
  /// @param clock stamps matches, and says which images have ended
  public StoredMatching(
      GenerationGeometry geometry,
      MatchSettings settings,
      PairFilter filter,
      HostedPartitions hosted,
      Retention retention,
      InstantSource clock) {
    this.geometry = geometry;
    this.settings = settings;
    this.rule = new MatchRule(settings.policy(), filter);
    this.criteria = settings.policy().criteria(geometry.bits());
    this.hosted = hosted;
    this.retention = retention;
    this.clock = clock;
  }

  /// The generation served.
  public GenerationGeometry geometry() {
    return geometry;
  }

  /// True where arrivals are matched at all.
  public boolean isOn() {
    return settings.isOn();
  }

  /// How far a partition has come with arrivals; null where it is not active here.
  public @Nullable Arrivals arrivals(GetArrivalsRequest request) {
    return answer(
        request.getPartition(),
        state ->
            Arrivals.newBuilder()
                .setSequence(state.progress().lastSequence())
                .setOpening(state.opening())
                .setImages(state.store().images())
                .build());
  }

  /// The next images of a partition; null where it is not active here.
  public @Nullable ListArrivalsResponse list(ListArrivalsRequest request) {
    return answer(request.getPartition(), state -> list(state, request));
  }

  private ListArrivalsResponse list(PartitionState state, ListArrivalsRequest request) {
    ListArrivalsResponse.Builder response = ListArrivalsResponse.newBuilder();
    byte[] after = request.getAfter().toByteArray();
    int limit = Math.clamp(request.getLimit(), 1, MAX_IMAGES);
    try (KeyValueIterator<Bytes, byte[]> rows =
        state.store().range(after.length == 0 ? null : Bytes.wrap(after), null)) {
      while (rows.hasNext() && response.getLookedAt() < limit) {
        KeyValue<Bytes, byte[]> next = rows.next();
        byte[] id = next.key.get();
        if (request.getAfter().equals(ByteString.copyFrom(id))) {
          continue;
        }
        response.setLookedAt(response.getLookedAt() + 1);
        response.setLast(ByteString.copyFrom(id));
        StoredRow row = StoredRow.parse(next.value, geometry, state.partition());
        if (isWanted(row, request)) {
          response.addImages(
              ArrivedImage.newBuilder()
                  .setImageId(new String(id, StandardCharsets.UTF_8))
                  .setLookedAt(response.getLookedAt())
                  .setPlacement(row.placement().toBuilder().clearFilterableMetadata()));
        }
      }
      if (!rows.hasNext()) {
        response.clearLast();
      }
    } catch (DefectiveRecordException e) {
      throw new IllegalStateException(
          "placement in partition %d cannot be read any more".formatted(state.partition()), e);
    }
    return response.build();
  }

  /// Whether an image may be the later one of a pair that is asked for.
  private boolean isWanted(StoredRow row, ListArrivalsRequest request) {
    Placement placement = row.placement();
    boolean isSince =
        !request.hasSince()
            || Timestamps.compare(placement.getImageTime(), request.getSince()) >= 0;
    boolean isOfTenant = !request.hasTenant() || placement.getTenant().equals(request.getTenant());
    return row.sequence() <= request.getSequence()
        && isSince
        && isOfTenant
        && !placement.getMute()
        && retention.end(placement) > clock.millis();
  }

  /// The matches of images in a partition; null where it is not active here.
  ///
  /// @throws DefectiveRecordException where an image is none of this generation
  public @Nullable MatchAgainResponse match(MatchAgainRequest request)
      throws DefectiveRecordException {
    for (ArrivedImage image : request.getImagesList()) {
      var _ = RecordChecks.imageId(image.getImageId().getBytes(StandardCharsets.UTF_8));
      PlacementRows.check(image.getPlacement(), geometry);
    }
    @Nullable PlacementStore store = hosted.partition(request.getPartition()).orElse(null);
    if (store == null) {
      return null;
    }
    // One question for each image, so that records come in between.
    List<CompletableFuture<MatchesOfImage>> questions =
        request.getImagesList().stream()
            .map(image -> store.questions().ask(state -> matches(state, image, request)))
            .toList();
    MatchAgainResponse.Builder response = MatchAgainResponse.newBuilder();
    for (CompletableFuture<MatchesOfImage> question : questions) {
      @Nullable MatchesOfImage matches = PartitionQuestions.await(question);
      if (matches == null) {
        return null;
      }
      response.addImages(matches);
    }
    return response.build();
  }

  private MatchesOfImage matches(
      PartitionState state, ArrivedImage image, MatchAgainRequest request) {
    MatchesOfImage.Builder matches = MatchesOfImage.newBuilder();
    String id = image.getImageId();
    Placement placement = image.getPlacement();
    PlacedRevision revision = PlacementRows.revision(id, placement);
    if (placement.getHomePartition() == state.partition()
        && state.row(id).filter(row -> MatchRule.repeats(row.revision(id), revision)).isEmpty()) {
      return matches.setGone(true).build();
    }
    long now = clock.millis();
    if (!settings.isOn()
        || retention.end(placement) <= now
        || state.floods().isQuarantined(revision)
        || rule.filter().leavesOutAllOf(revision)) {
      return matches.build();
    }
    int radius =
        request.hasFingerprintRadius() ? request.getFingerprintRadius() : Integer.MAX_VALUE;
    NearestCandidates nearest =
        new NearestCandidates(
            id, (long) settings.maxEventsPerArrival() * MatchEmitter.LOOKUPS_PER_EVENT);
    @Nullable String tenant =
        settings.origins().tenantsShared() ? null : revision.origin().tenant();
    state.store().candidates(revision, criteria, FilterableKeys.filter(Map.of(), tenant), nearest);
    long leftOut = 0;
    for (MatchCandidate candidate : nearest.sorted()) {
      @Nullable StoredRow row = state.row(candidate.id()).orElse(null);
      if (row == null
          || retention.end(row.placement()) <= now
          // Its id would be that of another generation's event.
          || !PlacementRows.reports(placement, row.placement())
          || !(decide(state, revision, row.revision(candidate.id()), row, request)
              instanceof Emit emit)
          || (emit.level() == MatchLevel.DUPLICATE && emit.fingerprintDistance() > radius)) {
        continue;
      }
      if (matches.getMatchesCount() < settings.maxEventsPerArrival()) {
        matches.addMatches(
            PlacedMatches.match(
                geometry, settings.policy(), emit, placement, row.placement(), now));
      } else {
        leftOut++;
      }
    }
    for (Match.Builder match : matches.getMatchesBuilderList()) {
      match.setLeftOut(leftOut).setLeftOutAtLeast(!nearest.isComplete());
    }
    return matches.build();
  }

  private @Nullable MatchDecision decide(
      PartitionState state,
      PlacedRevision image,
      PlacedRevision candidate,
      StoredRow row,
      MatchAgainRequest request) {
    return state.floods().isQuarantined(candidate)
        ? null
        : rule.onStored(image, candidate, row.sequence(), request.getSequence());
  }

  private <T> @Nullable T answer(int partition, Function<PartitionState, T> question) {
    @Nullable PlacementStore store = hosted.partition(partition).orElse(null);
    return store == null ? null : store.questions().answerOf(question);
  }
}
