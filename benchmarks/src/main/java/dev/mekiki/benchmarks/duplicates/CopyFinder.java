package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.encoding.Thumbnailer;
import dev.mekiki.encoding.align.AlignedPicture;
import dev.mekiki.encoding.align.Aligner;
import dev.mekiki.encoding.align.Evidence;
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
import dev.mekiki.hashing.pdq.Borders;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import dev.mekiki.hashing.pdq.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/// Finds copies among pictures in memory by the classes of the product: bytes, then fingerprints as
/// they are, turned and without borders, then landmarks and an alignment. For one thread.
final class CopyFinder implements AutoCloseable {
  private static final int MAX_BYTES = 64 << 20;
  private static final long MAX_PIXELS = 100_000_000;

  /// Longest side of the picture that is laid over others, in pixels; that of thumbnails.
  private static final int PICTURE_SIDE = 256;

  private static final int THUMBNAIL_SIDE = 192;
  private static final int MIN_VOTES = 2;

  /// Most candidates of a picture that are verified, those with most votes first.
  private static final int MAX_CANDIDATES = 32;

  private final boolean withLandmarks;
  private final ImageDecoder decoder = new ImageDecoder(MAX_BYTES, MAX_PIXELS);
  private final Thumbnailer thumbnails = new Thumbnailer(THUMBNAIL_SIDE);
  private final Thumbnailer pictures = new Thumbnailer(PICTURE_SIDE);
  private final LandmarkDetector detector = new LandmarkDetector();
  private final LandmarkIndex index = new LandmarkIndex();
  private final Aligner aligner = new Aligner();
  private final List<Known> known = new ArrayList<>();
  private final Times times = new Times();

  /// Nanoseconds, and how often they were measured.
  static final class Times {
    long extractions;
    long extractionNanos;
    long lookUps;
    long lookUpNanos;
    long verifications;
    long verificationNanos;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Known(byte[] sha256, List<Fingerprint> fingerprints, byte[] thumbnail) {}

  /// How a picture was found.
  enum By {
    BYTES,
    FINGERPRINT,
    ALIGNMENT
  }

  /// A picture that was found.
  ///
  /// @param number as it was added
  record Found(int number, By by) {}

  /// What was found of a copy.
  ///
  /// @param byPlainFingerprint numbers of those that the fingerprint alone, as it is, finds
  /// @param candidates numbers that landmarks proposed
  record Result(List<Found> found, List<Integer> byPlainFingerprint, List<Integer> candidates) {}

  /// A picture taken apart.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taken(
      byte[] sha256,
      List<Fingerprint> fingerprints,
      List<Fingerprint> turned,
      LandmarkDetector.Found landmarks,
      byte[] thumbnail,
      byte[] picture) {}

  CopyFinder(boolean withLandmarks) {
    this.withLandmarks = withLandmarks;
  }

  /// Adds a picture, with the next number from 0 on.
  ///
  /// @return what it is a copy of, itself included
  Result add(byte[] file) throws BadImageException {
    Taken taken = take(file);
    known.add(new Known(taken.sha256(), taken.fingerprints(), taken.thumbnail()));
    int row = index.add(taken.landmarks().stored());
    if (row != known.size() - 1) {
      throw new IllegalStateException("row %d of picture %d".formatted(row, known.size() - 1));
    }
    return find(taken);
  }

  /// Finds the pictures that a file is a copy of.
  Result find(byte[] file) throws BadImageException {
    return find(take(file));
  }

  private Result find(Taken taken) {
    List<Found> found = new ArrayList<>();
    List<Integer> plain = new ArrayList<>();
    for (int number = 0; number < known.size(); number++) {
      Known other = known.get(number);
      if (isNear(taken.fingerprints().getFirst(), other.fingerprints().getFirst())) {
        plain.add(number);
      }
      if (Arrays.equals(taken.sha256(), other.sha256())) {
        found.add(new Found(number, By.BYTES));
      } else if (taken.turned().stream()
          .anyMatch(one -> other.fingerprints().stream().anyMatch(two -> isNear(one, two)))) {
        found.add(new Found(number, By.FINGERPRINT));
      }
    }
    List<Integer> candidates = withLandmarks ? verify(taken, found) : List.of();
    return new Result(found, plain, candidates);
  }

  private static boolean isNear(Fingerprint one, Fingerprint two) {
    return !one.isFeatureless()
        && !two.isFeatureless()
        && one.distance(two) <= MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS;
  }

  private List<Integer> verify(Taken taken, List<Found> found) {
    long start = System.nanoTime();
    SoughtLandmarks sought = taken.landmarks().sought();
    List<LandmarkCandidate> candidates = index.candidates(sought, MIN_VOTES);
    times.lookUps++;
    times.lookUpNanos += System.nanoTime() - start;
    List<Integer> proposed = new ArrayList<>();
    try (Mats mats = new Mats()) {
      Mat picture = mats.add(read(taken.picture()));
      for (LandmarkCandidate candidate :
          candidates.subList(0, Math.min(candidates.size(), MAX_CANDIDATES))) {
        int number = candidate.row();
        proposed.add(number);
        if (found.stream().noneMatch(one -> one.number() == number)
            && align(picture, candidate).isCopy()) {
          found.add(new Found(number, By.ALIGNMENT));
        }
      }
    }
    return proposed.stream().distinct().toList();
  }

  private Evidence align(Mat picture, LandmarkCandidate candidate) {
    long start = System.nanoTime();
    Mat thumbnail = read(known.get(candidate.row()).thumbnail());
    try (AlignedPicture first = new AlignedPicture(picture);
        AlignedPicture second = new AlignedPicture(thumbnail)) {
      AffineMap map =
          scaling(Frame.PICTURE_SIDE / longestSide(picture))
              .then(candidate.map())
              .then(scaling(longestSide(thumbnail) / Frame.PICTURE_SIDE));
      return aligner.align(first, second, map);
    } finally {
      thumbnail.release();
      times.verifications++;
      times.verificationNanos += System.nanoTime() - start;
    }
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
      List<Turn> turns = List.of(Turn.values());
      List<Fingerprint> turned = new ArrayList<>(PdqHasher.hashes(luminance, width, height, turns));
      List<Fingerprint> fingerprints = new ArrayList<>(List.of(turned.getFirst()));
      Borders borders = Borders.of(luminance, width, height);
      if (!borders.isNone()) {
        List<Fingerprint> trimmed =
            PdqHasher.hashes(
                borders.trimmed(luminance, width, height),
                borders.width(width),
                borders.height(height),
                turns);
        fingerprints.add(trimmed.getFirst());
        turned.addAll(trimmed);
      }
      long start = System.nanoTime();
      LandmarkDetector.Found landmarks = detector.detect(image.luma());
      times.extractions++;
      times.extractionNanos += System.nanoTime() - start;
      return new Taken(
          Sha256Digest.start().digest(file),
          fingerprints,
          turned,
          landmarks,
          thumbnails.thumbnail(image.bgr()),
          pictures.thumbnail(image.bgr()));
    }
  }

  Times times() {
    return times;
  }

  /// Heap bytes of the look-up of landmarks, for each picture.
  double bytesPerImage() {
    return (double) index.bytes() / Math.max(1, index.size());
  }

  @Override
  public void close() {
    detector.close();
  }
}
