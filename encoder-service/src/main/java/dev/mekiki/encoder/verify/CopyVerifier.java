package dev.mekiki.encoder.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.encoder.verify.Candidate.Proposal;
import dev.mekiki.encoding.align.AlignedPicture;
import dev.mekiki.encoding.align.Aligner;
import dev.mekiki.encoding.align.Evidence;
import dev.mekiki.encoding.align.ReshotCheck;
import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/// Decides whether a pair of images that share landmarks are copies, or have at least an element in
/// common, by laying the picture of one over that of the other. Thread-safe.
final class CopyVerifier {
  private final Pictures pictures;
  private final VerifySettings settings;
  private final InstantSource clock;
  private final Aligner aligner = new Aligner();

  /// Reads the pictures of images.
  interface Pictures {
    /// Null where the picture of this revision is gone.
    @Nullable ByteString read(String id, String network, CopyImage image)
        throws InterruptedException;
  }

  /// What came of a pair.
  sealed interface Outcome {
    /// They are copies, or share an element.
    record Found(Match match) implements Outcome {}

    /// They are neither.
    record Nothing() implements Outcome {}

    /// They are two photos of one scene.
    record Reshot() implements Outcome {}

    /// An image has expired, or is older than images are kept.
    record Expired() implements Outcome {}

    /// A picture is gone, because its image was replaced or removed.
    record Gone() implements Outcome {}

    /// A picture cannot be read.
    record Undecodable() implements Outcome {}
  }

  /// @param clock stamps matches, and says which images have ended
  CopyVerifier(Pictures pictures, VerifySettings settings, InstantSource clock) {
    this.pictures = pictures;
    this.settings = settings;
    this.clock = clock;
  }

  /// Lays one picture over the other.
  ///
  /// @throws InterruptedException where the calling thread is interrupted
  /// @throws org.apache.kafka.common.KafkaException where the pictures cannot be read now
  Outcome verify(Candidate candidate) throws InterruptedException {
    CopyCandidate pair = candidate.record();
    long now = clock.millis();
    if (settings.retention().end(pair.getSought()) <= now
        || settings.retention().end(pair.getFound()) <= now) {
      return new Outcome.Expired();
    }
    ByteString sought = pictures.read(pair.getSoughtId(), pair.getNetwork(), pair.getSought());
    ByteString found = pictures.read(pair.getFoundId(), pair.getNetwork(), pair.getFound());
    if (sought == null || found == null) {
      return new Outcome.Gone();
    }
    try (Mats mats = new Mats()) {
      Mat first = mats.add(decode(sought));
      Mat second = mats.add(decode(found));
      return first.empty() || second.empty()
          ? new Outcome.Undecodable()
          : align(candidate, first, second);
    }
  }

  private static Mat decode(ByteString jpeg) {
    MatOfByte bytes = new MatOfByte(jpeg.toByteArray());
    try {
      return Imgcodecs.imdecode(bytes, Imgcodecs.IMREAD_COLOR);
    } finally {
      bytes.release();
    }
  }

  private Outcome align(Candidate candidate, Mat first, Mat second) {
    try (AlignedPicture sought = new AlignedPicture(first);
        AlignedPicture found = new AlignedPicture(second)) {
      @Nullable AlignedPair element = null;
      boolean isReshot = false;
      for (Proposal proposal : candidate.proposals()) {
        AffineMap map =
            scaling(Frame.PICTURE_SIDE / longestSide(sought))
                .then(proposal.map())
                .then(scaling(longestSide(found) / Frame.PICTURE_SIDE));
        Evidence evidence = aligner.align(sought, found, map);
        AlignedPair aligned =
            new AlignedPair(
                evidence,
                proposal.votes(),
                AlignedPair.Picture.of(sought, candidate.record().getSought()),
                AlignedPair.Picture.of(found, candidate.record().getFound()));
        boolean isCopy = evidence.isCopy();
        if (isCopy && settings.strict() && ReshotCheck.isReshot(sought, found, evidence.map())) {
          isReshot = true;
          isCopy = false;
        }
        if (isCopy) {
          return new Outcome.Found(match(candidate.record(), aligned, MatchKind.DUPLICATE));
        }
        if (settings.sharedElements() && element == null && evidence.sharesElement()) {
          element = aligned;
        }
      }
      return element == null
          ? isReshot ? new Outcome.Reshot() : new Outcome.Nothing()
          : new Outcome.Found(match(candidate.record(), element, MatchKind.SHARES_ELEMENT));
    }
  }

  private static AffineMap scaling(double scale) {
    return new AffineMap(scale, 0, 0, 0, scale, 0);
  }

  private static double longestSide(AlignedPicture picture) {
    return Math.max(picture.width(), picture.height());
  }

  private Match match(CopyCandidate pair, AlignedPair aligned, MatchKind kind) {
    MatchedImage sought = matched(pair.getSoughtId(), pair.getSought());
    MatchedImage found = matched(pair.getFoundId(), pair.getFound());
    AlignedPair.Described described = aligned.described(pair.getSoughtIsLater());
    Match.Builder match = Match.newBuilder();
    if (pair.hasEarlierCenter()) {
      match.setEarlierCenter(pair.getEarlierCenter());
    }
    return match
        .setEventId(MatchEvents.alignmentId(pair))
        .setKind(kind)
        .setLater(pair.getSoughtIsLater() ? sought : found)
        .setEarlier(pair.getSoughtIsLater() ? found : sought)
        .setCodeDistance(pair.getCodeDistance())
        .setFingerprintDistance(pair.getFingerprintDistance())
        .setCenter(pair.getCenter())
        .setCenterLabel(pair.getCenterLabel())
        .setGeneration(pair.getGeneration())
        .setMatchTime(Timestamps.fromMillis(clock.millis()))
        .setLeftOut(pair.getLeftOut())
        .setLeftOutAtLeast(pair.getLeftOut() > 0)
        .setDecidedBy(DecidedBy.ALIGNMENT)
        .setAlignment(described.alignment())
        .setExplanation(described.sentence())
        .setLimits(pair.getLimits())
        .build();
  }

  private static MatchedImage matched(String id, CopyImage image) {
    return MatchedImage.newBuilder()
        .setId(id)
        .setRevision(image.getRevision())
        .setImageTime(image.getImageTime())
        .setEncodedTime(image.getEncodedTime())
        .setSha256(HexFormat.of().formatHex(image.getSha256().toByteArray()))
        .setTenant(image.getTenant())
        .setImageSource(image.getImageSource())
        .putAllMetadata(image.getEventMetadataMap())
        .build();
  }
}
