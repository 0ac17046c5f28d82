package dev.mekiki.encoding.landmark;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.landmark.Landmark;
import dev.mekiki.hashing.landmark.PatchHasher;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.hashing.pdq.Borders;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.opencv.core.KeyPoint;
import org.opencv.core.Mat;
import org.opencv.core.MatOfKeyPoint;
import org.opencv.core.Rect;
import org.opencv.core.Size;
import org.opencv.features2d.SIFT;
import org.opencv.imgproc.Imgproc;

/// Finds the landmarks of pictures: keypoints by the detector of SIFT (D. Lowe, 2004), chosen by
/// {@link KeypointSelection}, hashed by {@link PatchHasher}. Not thread-safe; close it.
public final class LandmarkDetector implements AutoCloseable {
  /// Longest side of the picture in which keypoints are found. The detector doubles it, so the
  /// smallest keypoints are as large as those that are kept, and none is found only to be dropped.
  private static final int DETECTION_SIDE = 192;

  // Diameters, in pixels at the size that frames refer to: smaller keypoints are lost when a
  // picture is made smaller.
  private static final double MIN_STORED_SIZE = 2.7;
  private static final double MIN_SOUGHT_SIZE = 2.6;

  // How much size counts: of a picture that is shown small, large keypoints alone are left, but in
  // what shows it they are small.
  private static final double STORED_SIZE_POWER = 1.4;
  private static final double SOUGHT_SIZE_POWER = 1;

  /// Radius of the patch, in diameters of the keypoint.
  private static final float PATCH_RADIUS = 3;

  private static final int MIN_SIDE = 8;

  // Of SIFT: scales of an octave; contrast and edge thresholds; blur of the first scale.
  private static final int LAYERS = 3;
  private static final double CONTRAST = 0.012;
  private static final double EDGE = 10;
  private static final double SIGMA = 1.6;

  static {
    OpenCvLibrary.load();
  }

  // Without precise upscaling keypoints lie a quarter of a pixel off to one side.
  private final SIFT sift = SIFT.create(0, LAYERS, CONTRAST, EDGE, SIGMA, true);
  private final KeypointSelection stored =
      new KeypointSelection(StoredLandmarks.MAX_SIZE, MIN_STORED_SIZE, STORED_SIZE_POWER);
  private final KeypointSelection sought =
      new KeypointSelection(SoughtLandmarks.MAX_SIZE, MIN_SOUGHT_SIZE, SOUGHT_SIZE_POWER);
  private final PatchHasher hasher = new PatchHasher();
  private final float[] patch = new float[PatchHasher.SIDE * PatchHasher.SIDE];

  /// The landmarks of a picture. A picture without texture has none.
  ///
  /// @param stored those by which it is found
  /// @param sought those it looks for
  public record Found(StoredLandmarks stored, SoughtLandmarks sought) {}

  /// Finds the landmarks of a picture.
  ///
  /// @param luma of the picture, 8 bits, of any size; left as it is
  public Found detect(Mat luma) {
    try (Mats mats = new Mats()) {
      Mat grey = mats.add(scaled(luma, Frame.PICTURE_SIDE));
      Borders borders = borders(grey);
      if (borders.isNone()) {
        return detect(grey, mats.add(scaled(luma, DETECTION_SIDE)), Placement.WHOLE);
      }
      Rect part = part(borders, grey.size(), luma.size());
      Mat inner = mats.add(luma.submat(part));
      Mat trimmed = mats.add(scaled(inner, Frame.PICTURE_SIDE));
      return detect(
          trimmed,
          mats.add(scaled(inner, DETECTION_SIDE)),
          Placement.of(part, trimmed.size(), luma.size()));
    }
  }

  /// Where what is looked at lies in the picture.
  ///
  /// @param scale pixels of the picture, at the size that frames refer to, for one that is looked
  ///   at
  private record Placement(double left, double top, double scale) {
    static final Placement WHOLE = new Placement(0, 0, 1);

    static Placement of(Rect part, Size looked, Size picture) {
      double reduction = Frame.PICTURE_SIDE / Math.max(picture.width, picture.height);
      double shown = Math.max(part.width, part.height) / Math.max(looked.width, looked.height);
      return new Placement(part.x * reduction, part.y * reduction, shown * reduction);
    }
  }

  /// A border makes the picture small in what is looked at: copies without it have other keypoints.
  private static Borders borders(Mat grey) {
    byte[] bytes = Mats.bytes(grey);
    float[] luminance = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      luminance[i] = bytes[i] & 0xFF;
    }
    return Borders.of(luminance, grey.cols(), grey.rows());
  }

  private static Rect part(Borders borders, Size from, Size to) {
    double across = to.width / from.width;
    double down = to.height / from.height;
    int left = (int) Math.floor(borders.left() * across);
    int top = (int) Math.floor(borders.top() * down);
    int right = (int) Math.ceil((from.width - borders.right()) * across);
    int bottom = (int) Math.ceil((from.height - borders.bottom()) * down);
    return new Rect(
        left, top, Math.min(right, (int) to.width) - left, Math.min(bottom, (int) to.height) - top);
  }

  /// @param grey from which patches are cut
  /// @param small the same picture, in which keypoints are found
  private Found detect(Mat grey, Mat small, Placement placement) {
    List<KeyPoint> keypoints = keypoints(small);
    keypoints.forEach(keypoint -> enlarge(keypoint, small.size(), grey.size()));
    Patches patches = new Patches(new PatchSampler(grey), placement);
    return new Found(
        StoredLandmarks.of(patches.hashed(stored.choose(keypoints, grey.cols(), grey.rows()))),
        SoughtLandmarks.of(patches.hashed(sought.choose(keypoints, grey.cols(), grey.rows()))));
  }

  private List<KeyPoint> keypoints(Mat picture) {
    MatOfKeyPoint found = new MatOfKeyPoint();
    Mat everywhere = new Mat();
    try {
      sift.detect(picture, found, everywhere);
      return found.toList();
    } finally {
      everywhere.release();
      found.release();
    }
  }

  /// Centres of pixels, not corners, are at whole numbers.
  private static void enlarge(KeyPoint keypoint, Size from, Size to) {
    keypoint.pt.x = (keypoint.pt.x + 0.5) * to.width / from.width - 0.5;
    keypoint.pt.y = (keypoint.pt.y + 0.5) * to.height / from.height - 0.5;
    keypoint.size *= (float) Frame.PICTURE_SIDE / DETECTION_SIDE;
  }

  /// @param side longest one of what is returned, in pixels
  private static Mat scaled(Mat picture, int side) {
    double scale = (double) side / Math.max(picture.cols(), picture.rows());
    Size size =
        new Size(
            Math.max(MIN_SIDE, Math.round(picture.cols() * scale)),
            Math.max(MIN_SIDE, Math.round(picture.rows() * scale)));
    Mat scaled = new Mat();
    Imgproc.resize(
        picture, scaled, size, 0, 0, scale < 1 ? Imgproc.INTER_AREA : Imgproc.INTER_LINEAR);
    return scaled;
  }

  /// The patches of one picture, each hashed once.
  private final class Patches {
    private final PatchSampler sampler;
    private final Placement placement;
    private final IdentityHashMap<KeyPoint, Landmark> known = new IdentityHashMap<>();

    Patches(PatchSampler sampler, Placement placement) {
      this.sampler = sampler;
      this.placement = placement;
    }

    List<Landmark> hashed(List<KeyPoint> keypoints) {
      List<Landmark> landmarks = new ArrayList<>(keypoints.size());
      for (KeyPoint keypoint : keypoints) {
        landmarks.add(known.computeIfAbsent(keypoint, this::landmark));
      }
      return landmarks;
    }

    private Landmark landmark(KeyPoint keypoint) {
      float x = (float) keypoint.pt.x;
      float y = (float) keypoint.pt.y;
      double angle = Math.toRadians(keypoint.angle);
      sampler.sample(x, y, PATCH_RADIUS * keypoint.size, angle, patch);
      PatchHasher.Hashes hashes = hasher.hash(patch);
      Frame frame =
          new Frame(
              (float) (placement.left() + placement.scale() * x),
              (float) (placement.top() + placement.scale() * y),
              (float) (placement.scale() * keypoint.size),
              (float) angle);
      return new Landmark(frame, hashes.plain(), hashes.mirrored());
    }
  }

  /// Releases native memory.
  @Override
  public void close() {
    sift.clear();
  }
}
