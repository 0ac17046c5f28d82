package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.encoding.Thumbnailer;
import dev.mekiki.encoding.align.AlignedPicture;
import dev.mekiki.encoding.align.Aligner;
import dev.mekiki.encoding.align.Evidence;
import dev.mekiki.encoding.align.ReshotCheck;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.landmark.LandmarkDetector;
import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.LandmarkIndex;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import dev.mekiki.hashing.pdq.Turn;
import dev.mekiki.hashing.turned.Region;
import dev.mekiki.hashing.turned.SoughtFingerprints;
import dev.mekiki.hashing.turned.TrimmedFingerprint;
import dev.mekiki.hashing.turned.TurnedCandidate;
import dev.mekiki.hashing.turned.TurnedIndex;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/// Finds copies among pictures in memory by the classes and the rules of the product: bytes, then
/// fingerprints, then an alignment of what landmarks and fingerprints turned or without borders
/// propose. For one thread.
final class InProcessFinder implements Finder {
  private static final int MAX_BYTES = 64 << 20;
  private static final long MAX_PIXELS = 100_000_000;

  private static final int THUMBNAIL_SIDE = 192;
  private static final int MIN_VOTES = 2;

  /// Images that one turned fingerprint finds at most.
  private static final int MAX_CANDIDATES = 16;

  /// Maps of one pair that are tried at most.
  private static final int MAX_PROPOSALS = 4;

  private final boolean withLandmarks;
  private final boolean strict;
  private final ImageDecoder decoder = new ImageDecoder(MAX_BYTES, MAX_PIXELS);
  private final Thumbnailer thumbnails = new Thumbnailer(THUMBNAIL_SIDE);
  private final LandmarkDetector detector = new LandmarkDetector();
  private final LandmarkIndex index = new LandmarkIndex();
  private final TurnedIndex turned = new TurnedIndex();
  private final Aligner aligner = new Aligner();
  private final List<Taken> known = new ArrayList<>();
  private final Times times = new Times();

  /// Nanoseconds, and how often they were measured.
  private static final class Times {
    long extractions;
    long extractionNanos;
    long lookUps;
    long lookUpNanos;
    long verifications;
    long verificationNanos;
    long candidates;
    long arrivals;
    long arrivalNanos;
  }

  /// A picture taken apart.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taken(
      byte[] sha256,
      Fingerprint fingerprint,
      SoughtFingerprints turned,
      LandmarkDetector.Found landmarks,
      byte[] thumbnail,
      Region.Size size) {}

  /// @param strict whether second photos of one scene are no copies
  InProcessFinder(boolean withLandmarks, boolean strict) {
    this.withLandmarks = withLandmarks;
    this.strict = strict;
  }

  @Override
  public List<List<Found>> addAll(List<Path> pictures, Progress progress)
      throws IOException, BadImageException {
    List<List<Found>> results = new ArrayList<>();
    long start = System.nanoTime();
    for (Path path : pictures) {
      Taken taken = take(Files.readAllBytes(path));
      int number = known.size();
      known.add(taken);
      if (!taken.fingerprint().isFeatureless()) {
        turned.put(
            Integer.toString(number),
            taken.fingerprint().code(),
            taken.turned().trimmed().map(TrimmedFingerprint::code).orElse(null));
      }
      int row = index.add(taken.landmarks().stored());
      if (row != number) {
        throw new IllegalStateException("row %d of picture %d".formatted(row, number));
      }
      List<Found> found = find(taken, number);
      found.removeIf(one -> one.number() == number);
      results.add(found);
      progress.stepTo(results.size());
    }
    times.arrivals += pictures.size();
    times.arrivalNanos += System.nanoTime() - start;
    return results;
  }

  @Override
  public List<List<Found>> findAll(Copies copies, Progress progress)
      throws IOException, BadImageException {
    List<List<Found>> results = new ArrayList<>();
    for (int original : copies.originals()) {
      results.add(find(take(copies.file(results.size())), original));
      progress.next();
    }
    return results;
  }

  private List<Found> find(Taken taken, int original) {
    List<Found> found = new ArrayList<>();
    for (int number = 0; number < known.size(); number++) {
      Taken other = known.get(number);
      if (Arrays.equals(taken.sha256(), other.sha256())) {
        found.add(new Found(number, By.BYTES, null));
      } else if (isNear(taken.fingerprint(), other.fingerprint())) {
        found.add(new Found(number, By.FINGERPRINT, null));
      }
    }
    if (withLandmarks) {
      verify(taken, original, found);
    }
    return found;
  }

  private static boolean isNear(Fingerprint one, Fingerprint two) {
    return !one.isFeatureless()
        && !two.isFeatureless()
        && one.distance(two) <= MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS;
  }

  private void verify(Taken taken, int original, List<Found> found) {
    long start = System.nanoTime();
    SoughtLandmarks sought = taken.landmarks().sought();
    List<LandmarkCandidate> candidates = index.candidates(sought, MIN_VOTES);
    times.lookUps++;
    times.lookUpNanos += System.nanoTime() - start;
    Map<Integer, List<AffineMap>> proposals = new LinkedHashMap<>();
    for (LandmarkCandidate candidate : candidates) {
      proposals.computeIfAbsent(candidate.row(), _ -> new ArrayList<>()).add(candidate.map());
    }
    propose(taken, proposals);
    times.candidates += proposals.keySet().stream().filter(row -> row != original).count();
    try (Mats mats = new Mats()) {
      Mat picture = mats.add(read(taken.thumbnail()));
      proposals.forEach((row, maps) -> {
        if (found.stream().noneMatch(one -> one.number() == row)) {
          align(picture, row, maps)
              .ifPresent(overlap -> found.add(new Found(row, By.ALIGNMENT, overlap)));
        }
      });
    }
  }

  /// Adds what turned and trimmed fingerprints find.
  private void propose(Taken taken, Map<Integer, List<AffineMap>> proposals) {
    for (TurnedCandidate candidate :
        turned.candidates(
            taken.turned(), MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS, MAX_CANDIDATES)) {
      int row = Integer.parseInt(candidate.id());
      Taken other = known.get(row);
      Region region =
          candidate.isTrimmed()
              ? other.turned().trimmed().map(TrimmedFingerprint::region).orElse(Region.WHOLE)
              : Region.WHOLE;
      proposals
          .computeIfAbsent(row, _ -> new ArrayList<>())
          .add(candidate.region().onto(taken.size(), candidate.turn(), region, other.size()));
    }
  }

  /// Where the pictures overlap, if one is a copy of the other.
  private Optional<Overlap> align(Mat picture, int row, List<AffineMap> maps) {
    long start = System.nanoTime();
    Mat thumbnail = read(known.get(row).thumbnail());
    try (AlignedPicture first = new AlignedPicture(picture);
        AlignedPicture second = new AlignedPicture(thumbnail)) {
      for (AffineMap proposed : maps.subList(0, Math.min(maps.size(), MAX_PROPOSALS))) {
        AffineMap map =
            scaling(Frame.PICTURE_SIDE / longestSide(picture))
                .then(proposed)
                .then(scaling(longestSide(thumbnail) / Frame.PICTURE_SIDE));
        Evidence evidence = aligner.align(first, second, map);
        if (evidence.isCopy() && !(strict && ReshotCheck.isReshot(first, second, evidence.map()))) {
          return Optional.of(overlap(evidence.map(), picture, thumbnail));
        }
      }
      return Optional.empty();
    } finally {
      thumbnail.release();
      times.verifications++;
      times.verificationNanos += System.nanoTime() - start;
    }
  }

  private static Overlap overlap(AffineMap map, Mat copy, Mat found) {
    return new Overlap(box(map.inverse(), found, copy), box(map, copy, found));
  }

  /// Around what a picture shows of another, in the other one.
  private static Overlap.Box box(AffineMap map, Mat from, Mat to) {
    Rectangle2D bounds =
        new AffineTransform(map.a(), map.c(), map.b(), map.d(), map.tx(), map.ty())
            .createTransformedShape(new Rectangle2D.Double(0, 0, from.cols(), from.rows()))
            .getBounds2D();
    return new Overlap.Box(
        Math.clamp(bounds.getMinX() / to.cols(), 0, 1),
        Math.clamp(bounds.getMinY() / to.rows(), 0, 1),
        Math.clamp(bounds.getMaxX() / to.cols(), 0, 1),
        Math.clamp(bounds.getMaxY() / to.rows(), 0, 1));
  }

  private static AffineMap scaling(double scale) {
    return new AffineMap(scale, 0, 0, 0, scale, 0);
  }

  private static double longestSide(Mat picture) {
    return Math.max(picture.cols(), picture.rows());
  }

  private static Mat read(byte[] jpeg) {
    MatOfByte bytes = new MatOfByte(jpeg);
    try {
      return Imgcodecs.imdecode(bytes, Imgcodecs.IMREAD_COLOR);
    } finally {
      bytes.release();
    }
  }

  private Taken take(byte[] file) throws BadImageException {
    try (DecodedImage image = decoder.decode(file)) {
      int width = image.bgr().cols();
      int height = image.bgr().rows();
      float[] luminance = image.luminance();
      Fingerprint fingerprint =
          PdqHasher.hashes(luminance, width, height, List.of(Turn.NONE)).getFirst();
      SoughtFingerprints turned = SoughtFingerprints.of(luminance, width, height);
      long start = System.nanoTime();
      LandmarkDetector.Found landmarks = detector.detect(image.luma());
      times.extractions++;
      times.extractionNanos += System.nanoTime() - start;
      return new Taken(
          Sha256Digest.start().digest(file),
          fingerprint,
          turned,
          landmarks,
          thumbnails.thumbnail(image.bgr()),
          new Region.Size(width, height));
    }
  }

  @Override
  public Costs costs() {
    return new Costs(
        millis(times.extractionNanos, times.extractions),
        millis(times.lookUpNanos, times.lookUps),
        millis(times.verificationNanos, times.verifications),
        Figures.rounded((double) times.candidates / Math.max(1, times.lookUps)),
        Figures.rounded((double) index.bytes() / Math.max(1, index.size())),
        Figures.perSecond((int) times.arrivals, times.arrivalNanos));
  }

  private static double millis(long nanos, long count) {
    return Figures.rounded(nanos / 1e6 / Math.max(1, count));
  }

  @Override
  public void close() {
    detector.close();
  }
}
