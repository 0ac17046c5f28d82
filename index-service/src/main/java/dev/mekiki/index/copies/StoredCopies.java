package dev.mekiki.index.copies;

import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.copies.CandidateFinder.Found;
import dev.mekiki.index.copies.ReceivedLandmarks.Arrived;
import dev.mekiki.index.questions.PartitionQuestions;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.CopyRevisions;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.CandidatesOfImage;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.FindCopiesAgainRequest;
import dev.mekiki.schemas.v1.FindCopiesAgainResponse;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.ReadDecisions;
import dev.mekiki.schemas.v1.StoredImageLandmarks;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers who looks for copies again among what is stored. The stream thread of a partition works
/// the answers out, one image at a time, and nothing is changed. Thread-safe; each call blocks
/// until it is answered.
public final class StoredCopies {
  /// Most images looked up in one call.
  public static final int MAX_IMAGES = 100;

  private final int bits;
  private final CopySettings settings;
  private final CopyRule rule;
  private final HostedLandmarks hosted;
  private final Retention retention;
  private final InstantSource clock;
  private final CandidateFinder finder;

  /// An image that is asked for, checked.
  private record Asked(String id, Arrived landmarks) {}

  /// @param geometry the generation served
  /// @param settings how copies are looked for
  /// @param filter leaves out pairs that may be copies
  /// @param hosted has the stores
  /// @param retention of images
  /// @param clock says which images have ended
  /// @param decisions how far those were read that the filter follows
  public StoredCopies(
      GenerationGeometry geometry,
      CopySettings settings,
      PairFilter filter,
      HostedLandmarks hosted,
      Retention retention,
      InstantSource clock,
      Supplier<ReadDecisions> decisions) {
    this.bits = geometry.bits();
    this.settings = settings;
    this.rule = new CopyRule(settings.policy(), filter);
    this.hosted = hosted;
    this.retention = retention;
    this.clock = clock;
    this.finder = new CandidateFinder(geometry, settings, retention, decisions);
  }

  /// Number of partitions of landmarks.
  public int partitions() {
    return settings.partitions();
  }

  /// How far a partition has come with arrivals; null where it is not active here.
  public @Nullable Arrivals arrivals(GetArrivalsRequest request) {
    @Nullable LandmarkStore store = hosted.stores().partition(request.getPartition()).orElse(null);
    return store == null
        ? null
        : store
            .questions()
            .answerOf(state ->
                Arrivals.newBuilder()
                    .setSequence(state.progress().lastSequence())
                    .setOpening(state.opening())
                    .setImages(state.store().images())
                    .build());
  }

  /// The pairs that images make with earlier ones of a partition; null where it is not active here.
  ///
  /// @throws DefectiveRecordException where an image is none of this generation
  public @Nullable FindCopiesAgainResponse find(FindCopiesAgainRequest request)
      throws DefectiveRecordException {
    List<Asked> images = new ArrayList<>();
    for (StoredImageLandmarks image : request.getImagesList()) {
      String id = RecordChecks.imageId(image.getImageId().getBytes(StandardCharsets.UTF_8));
      Arrived landmarks = ReceivedLandmarks.arrived(image.getLandmarks(), bits);
      images.add(new Asked(id, landmarks));
    }
    @Nullable LandmarkStore store = hosted.stores().partition(request.getPartition()).orElse(null);
    if (store == null) {
      return null;
    }
    // One question for each image, so that records come in between.
    List<CompletableFuture<CandidatesOfImage>> questions =
        images.stream()
            .map(image ->
                store.questions().ask(state -> candidates(state, image, request.getSequence())))
            .toList();
    FindCopiesAgainResponse.Builder response = FindCopiesAgainResponse.newBuilder();
    for (CompletableFuture<CandidatesOfImage> question : questions) {
      @Nullable CandidatesOfImage candidates = PartitionQuestions.await(question);
      if (candidates == null) {
        return null;
      }
      response.addImages(candidates);
    }
    return response.build();
  }

  private CandidatesOfImage candidates(CopyState state, Asked asked, long settled) {
    CandidatesOfImage.Builder candidates = CandidatesOfImage.newBuilder();
    LandmarkStore store = state.store();
    CopyImage image = asked.landmarks().image();
    if (new ImageId(asked.id()).partition(settings.partitions()) == store.partition()) {
      @Nullable StoredCopy row = store.copy(asked.id()).orElse(null);
      if (row == null || row.sequence() > settled || !isSame(row.image(), image)) {
        return candidates.setGone(true).build();
      }
      // Of records of the same bytes the first one is the revision that events speak of.
      image = row.image();
      candidates.setImage(image);
    }
    PlacedRevision revision = CopyRevisions.of(asked.id(), image);
    long now = clock.millis();
    if (retention.end(image) <= now
        || state.floods().isQuarantined(revision)
        || rule.filter().leavesOutAllOf(revision)) {
      return candidates.build();
    }
    Found found =
        finder.find(
            store,
            revision,
            image,
            asked.landmarks().sought(),
            state.floods(),
            (candidate, row) -> rule.onStored(revision, candidate, row.sequence(), settled),
            now);
    return candidates.addAllCandidates(found.pairs()).build();
  }

  private static boolean isSame(CopyImage stored, CopyImage asked) {
    return stored.getSha256().equals(asked.getSha256())
        && stored.getTenant().equals(asked.getTenant());
  }
}
