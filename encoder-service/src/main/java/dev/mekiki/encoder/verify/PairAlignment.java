package dev.mekiki.encoder.verify;

import com.google.protobuf.ByteString;
import dev.mekiki.encoder.landmarks.Detectors;
import dev.mekiki.encoder.landmarks.Detectors.Detected;
import dev.mekiki.encoder.verify.CopyVerifier.Outcome;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.LandmarkIndex;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.pdq.Turn;
import dev.mekiki.hashing.turned.Region;
import dev.mekiki.hashing.turned.TrimmedFingerprint;
import dev.mekiki.hashing.turned.TurnedCandidate;
import dev.mekiki.hashing.turned.TurnedIndex;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.AlignedThumbnail;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lays one picture over another, to explain a pair: each looks for the other as an arrival does,
/// and what they propose is verified alike. Landmarks are those of the thumbnails, which have fewer
/// than the pictures themselves. Thread-safe.
final class PairAlignment implements AutoCloseable {
  private static final String FIRST = "first";
  private static final String SECOND = "second";

  /// As for arrivals.
  private static final int MIN_VOTES = 2;

  private static final int MAX_PROPOSALS = 4;

  /// For the messages of a verifier that reads nothing by it.
  private static final String NETWORK = "0".repeat(16);

  private final Detectors detectors;
  private final VerifySettings settings;

  PairAlignment(PictureDecoder decoder, VerifySettings settings) {
    detectors = new Detectors(decoder);
    this.settings = settings;
  }

  /// How the first picture lies over the second.
  ///
  /// @throws IllegalArgumentException with what is wrong, where a thumbnail is none
  /// @throws InterruptedException where the calling thread is interrupted
  AlignedCandidate align(AlignPairRequest request) throws InterruptedException {
    AlignedThumbnail first = request.getFirst();
    AlignedThumbnail second = request.getSecond();
    Detected ofFirst = detect(FIRST, first);
    Detected ofSecond = detect(SECOND, second);
    @Nullable Match element = null;
    for (boolean firstLooks : new boolean[] {true, false}) {
      List<CopyProposal> proposals =
          firstLooks
              ? proposals(first, ofFirst, second, ofSecond)
              : proposals(second, ofSecond, first, ofFirst);
      if (verify(first, second, firstLooks, proposals) instanceof Outcome.Found(Match match)) {
        if (match.getKind() != MatchKind.SHARES_ELEMENT) {
          return answer(Result.COPY, match);
        }
        element = match;
      }
    }
    return element == null
        ? AlignedCandidate.newBuilder().setResult(Result.NEITHER).build()
        : answer(Result.SHARES_ELEMENT, element);
  }

  private Detected detect(String which, AlignedThumbnail picture) {
    if (picture.getWidth() < 1 || picture.getHeight() < 1) {
      throw new IllegalArgumentException(
          "size of the %s picture: %d x %d pixels (expected: at least 1 x 1)"
              .formatted(which, picture.getWidth(), picture.getHeight()));
    }
    try {
      return detectors.detect(picture.getThumbnail().toByteArray());
    } catch (BadImageException e) {
      throw new IllegalArgumentException(
          "thumbnail of the %s picture: %s".formatted(which, e.getMessage()), e);
    }
  }

  /// How the picture that looks may lie over the other.
  private static List<CopyProposal> proposals(
      AlignedThumbnail looks, Detected sought, AlignedThumbnail other, Detected indexed) {
    List<CopyProposal> proposals = new ArrayList<>();
    LandmarkIndex landmarks = new LandmarkIndex();
    landmarks.add(indexed.landmarks().stored());
    for (LandmarkCandidate found : landmarks.candidates(sought.landmarks().sought(), MIN_VOTES)) {
      proposals.add(proposal(found.map(), found.votes()));
    }
    Region.Size size = new Region.Size(looks.getWidth(), looks.getHeight());
    Region.Size otherSize = new Region.Size(other.getWidth(), other.getHeight());
    if (!indexed.fingerprints().parts().isEmpty()) {
      Optional<TrimmedFingerprint> trimmed = indexed.fingerprints().trimmed();
      TurnedIndex turned = new TurnedIndex();
      turned.put(
          SECOND,
          indexed.fingerprints().parts().getFirst().codes().getFirst(),
          trimmed.map(TrimmedFingerprint::code).orElse(null));
      for (TurnedCandidate found :
          turned.candidates(
              sought.fingerprints(), MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS, MAX_PROPOSALS)) {
        Region region =
            found.isTrimmed()
                ? trimmed.map(TrimmedFingerprint::region).orElse(Region.WHOLE)
                : Region.WHOLE;
        proposals.add(proposal(found.region().onto(size, found.turn(), region, otherSize), 0));
      }
    }
    List<CopyProposal> best =
        new ArrayList<>(proposals.subList(0, Math.min(proposals.size(), MAX_PROPOSALS - 1)));
    // Pictures without landmarks may simply be the same.
    best.add(proposal(Region.WHOLE.onto(size, Turn.NONE, Region.WHOLE, otherSize), 0));
    return best;
  }

  private static CopyProposal proposal(AffineMap map, int votes) {
    return CopyProposal.newBuilder()
        .addAllMap(List.of(map.a(), map.b(), map.tx(), map.c(), map.d(), map.ty()))
        .setVotes(votes)
        .build();
  }

  private Outcome verify(
      AlignedThumbnail first,
      AlignedThumbnail second,
      boolean firstLooks,
      List<CopyProposal> proposals)
      throws InterruptedException {
    // The first picture is the later one in either case, since the answer is about how it lies.
    Candidate candidate =
        Candidate.of(
            CopyCandidate.newBuilder()
                .setNetwork(NETWORK)
                .setSoughtId(firstLooks ? FIRST : SECOND)
                .setSought(image(firstLooks ? first : second))
                .setSoughtIsLater(firstLooks)
                .setFoundId(firstLooks ? SECOND : FIRST)
                .setFound(image(firstLooks ? second : first))
                .addAllProposals(proposals)
                .build());
    Map<String, ByteString> thumbnails =
        Map.of(FIRST, first.getThumbnail(), SECOND, second.getThumbnail());
    return new CopyVerifier((id, _, _) -> thumbnails.get(id), settings, InstantSource.system())
        .verify(candidate);
  }

  private static CopyImage image(AlignedThumbnail picture) {
    return CopyImage.newBuilder()
        .setWidth(picture.getWidth())
        .setHeight(picture.getHeight())
        .build();
  }

  private static AlignedCandidate answer(Result result, Match match) {
    return AlignedCandidate.newBuilder()
        .setResult(result)
        .setAlignment(match.getAlignment())
        .setExplanation(
            AlignedPair.sentence(match.getAlignment(), "the first picture", "the second one"))
        .build();
  }

  @Override
  public void close() {
    detectors.close();
  }
}
