package dev.mekiki.encoding.landmark;

import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.landmark.Landmark;
import dev.mekiki.hashing.landmark.PatchHasher;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.opencv.core.KeyPoint;
import org.opencv.core.Mat;
import org.opencv.core.MatOfKeyPoint;
import org.opencv.core.Size;
import org.opencv.features2d.SIFT;
import org.opencv.imgproc.Imgproc;

/// Finds the landmarks of pictures: keypoints by the detector of SIFT (D. Lowe, 2004), chosen by
/// {@link KeypointSelection}, hashed by {@link PatchHasher}. Not thread-safe; close it.
public final class LandmarkDetector implements AutoCloseable {
  // Diameters, in pixels: smaller keypoints are lost when a picture is made smaller.
  private static final double MIN_STORED_SIZE = 3.0;
  private static final double MIN_SOUGHT_SIZE = 2.6;

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
      new KeypointSelection(StoredLandmarks.MAX_SIZE, MIN_STORED_SIZE);
  private final KeypointSelection sought =
      new KeypointSelection(SoughtLandmarks.MAX_SIZE, MIN_SOUGHT_SIZE);
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
    Mat grey = scaled(luma);
    MatOfKeyPoint found = new MatOfKeyPoint();
    Mat everywhere = new Mat();
    try {
      sift.detect(grey, found, everywhere);
      List<KeyPoint> keypoints = found.toList();
      PatchSampler sampler = new PatchSampler(grey);
      IdentityHashMap<KeyPoint, Landmark> known = new IdentityHashMap<>();
      return new Found(
          StoredLandmarks.of(
              landmarks(stored.choose(keypoints, grey.cols(), grey.rows()), sampler, known)),
          SoughtLandmarks.of(
              landmarks(sought.choose(keypoints, grey.cols(), grey.rows()), sampler, known)));
    } finally {
      everywhere.release();
      found.release();
      grey.release();
    }
  }

  /// The picture at the size that frames refer to.
  static Mat scaled(Mat picture) {
    double scale = (double) Frame.PICTURE_SIDE / Math.max(picture.cols(), picture.rows());
    Size size =
        new Size(
            Math.max(MIN_SIDE, Math.round(picture.cols() * scale)),
            Math.max(MIN_SIDE, Math.round(picture.rows() * scale)));
    Mat scaled = new Mat();
    Imgproc.resize(
        picture, scaled, size, 0, 0, scale < 1 ? Imgproc.INTER_AREA : Imgproc.INTER_LINEAR);
    return scaled;
  }

  private List<Landmark> landmarks(
      List<KeyPoint> keypoints, PatchSampler sampler, IdentityHashMap<KeyPoint, Landmark> known) {
    List<Landmark> landmarks = new ArrayList<>(keypoints.size());
    for (KeyPoint keypoint : keypoints) {
      landmarks.add(known.computeIfAbsent(keypoint, point -> landmark(point, sampler)));
    }
    return landmarks;
  }

  private Landmark landmark(KeyPoint keypoint, PatchSampler sampler) {
    float x = (float) keypoint.pt.x;
    float y = (float) keypoint.pt.y;
    double angle = Math.toRadians(keypoint.angle);
    sampler.sample(x, y, PATCH_RADIUS * keypoint.size, angle, patch);
    PatchHasher.Hashes hashes = hasher.hash(patch);
    return new Landmark(
        new Frame(x, y, keypoint.size, (float) angle), hashes.plain(), hashes.mirrored());
  }

  /// Releases native memory.
  @Override
  public void close() {
    sift.clear();
  }
}
