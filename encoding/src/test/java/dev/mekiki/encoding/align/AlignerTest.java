package dev.mekiki.encoding.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

class AlignerTest {
  static {
    OpenCvLibrary.load();
  }

  private final Mats mats = new Mats();

  @AfterEach
  void release() {
    mats.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void mapThatIsAFewPixelsOffIsRefinedAndTheCopyAccepted(long seed) {
    Mat original = scene(seed);
    AffineMap truth = new AffineMap(0.8, -0.15, 30, 0.15, 0.8, 5);

    Evidence evidence = align(original, warped(original, truth), off(truth));

    assertThat(evidence.isCopy()).as("%s", evidence).isTrue();
    for (double x : new double[] {60, 130}) {
      for (double y : new double[] {40, 100}) {
        assertThat(evidence.map().x(x, y)).isCloseTo(truth.x(x, y), within(1.5));
        assertThat(evidence.map().y(x, y)).isCloseTo(truth.y(x, y), within(1.5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void cropIsACopyWithTheOverlapOfTheCrop(long seed) {
    Mat original = scene(seed);
    Mat crop = mats.add(mats.add(original.submat(new Rect(40, 20, 120, 110))).clone());

    Evidence evidence = align(crop, original, new AffineMap(1, 0, 42, 0, 1, 18));

    assertThat(evidence.isCopy()).as("%s", evidence).isTrue();
    assertThat(evidence.overlapOfFirst()).isGreaterThan(0.9);
    assertThat(evidence.overlapOfSecond()).isCloseTo(120.0 * 110 / (192 * 144), within(0.06));
  }

  /// Its details are lost, and are no differences.
  @ParameterizedTest
  @ValueSource(longs = {27, 28, 29, 30, 31, 32})
  void pictureShownSmallInAnotherIsACopy(long seed) {
    Mat cloth = mats.add(new Mat(144, 192, CvType.CV_8UC3));
    Core.setRNGSeed((int) seed);
    Core.randn(cloth, 0, 40);
    Mat original = scene(seed);
    Core.add(original, cloth, original);
    Mat small = mats.add();
    Imgproc.resize(original, small, new Size(64, 48), 0, 0, Imgproc.INTER_AREA);
    Mat shows = scene(seed + 1000);
    small.copyTo(mats.add(shows.submat(new Rect(60, 50, 64, 48))));

    Evidence evidence = align(shows, original, new AffineMap(3, 0, -179, 0, 3, -148));

    assertThat(evidence.isCopy()).as("%s", evidence).isTrue();
    assertThat(evidence.overlapOfSecond()).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11, 12})
  void brighterGreyAndMirroredCopiesAreCopies(long seed) {
    Mat original = scene(seed);
    Mat brighter = mats.add();
    original.convertTo(brighter, CvType.CV_8U, 0.8, 40);
    Mat grey = mats.add();
    Imgproc.cvtColor(original, grey, Imgproc.COLOR_BGR2GRAY);
    Imgproc.cvtColor(grey, grey, Imgproc.COLOR_GRAY2BGR);
    Mat mirrored = mats.add();
    Core.flip(original, mirrored, 1);

    assertThat(align(brighter, original, AffineMap.IDENTITY).isCopy()).isTrue();
    assertThat(align(grey, original, AffineMap.IDENTITY).isCopy()).isTrue();
    assertThat(align(mirrored, original, new AffineMap(-1, 0, 191, 0, 1, 0)).isCopy()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {13, 14, 15, 16})
  void otherPictureIsNoCopyAndSharesNothing(long seed) {
    Evidence evidence = align(scene(seed), scene(seed + 1000), AffineMap.IDENTITY);

    assertThat(evidence.isCopy()).isFalse();
    assertThat(evidence.sharesElement()).isFalse();
  }

  /// A caption, logo or template is the same in both, and nothing else is.
  @ParameterizedTest
  @ValueSource(longs = {17, 18, 19, 20})
  void picturesThatShareAPartAreNoCopies(long seed) {
    Mat first = scene(seed);
    Mat second = scene(seed + 1000);
    Rect part = new Rect(10, 80, 100, 60);
    mats.add(first.submat(part)).copyTo(mats.add(second.submat(part)));

    Evidence evidence = align(first, second, AffineMap.IDENTITY);

    assertThat(evidence.isCopy()).as("%s", evidence).isFalse();
    assertThat(evidence.overlapOfFirst()).isGreaterThan(0.9);
  }

  /// Different items on one background: most of the picture is the same, but not the item.
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void otherItemOnTheSameBackgroundIsNoCopy(long seed) {
    Mat first = scene(seed);
    Mat second = mats.add(first.clone());
    Rect item = new Rect(36, 22, 120, 100);
    mats.add(scene(seed + 1000).submat(item)).copyTo(mats.add(second.submat(item)));

    assertThat(align(first, second, AffineMap.IDENTITY).isCopy()).isFalse();
  }

  @Test
  void textOverACopyIsNotHeldAgainstIt() {
    Mat original = scene(25);
    Mat captioned = mats.add(original.clone());
    for (int line = 0; line < 2; line++) {
      Point at = new Point(6, 24 + 104 * line);
      for (int weight : new int[] {5, 1}) {
        Imgproc.putText(
            captioned,
            "BEST OFFER",
            at,
            Imgproc.FONT_HERSHEY_DUPLEX,
            0.8,
            weight > 1 ? new Scalar(0, 0, 0) : new Scalar(255, 255, 255),
            weight,
            Imgproc.LINE_AA);
      }
    }

    assertThat(align(captioned, original, AffineMap.IDENTITY).isCopy()).isTrue();
  }

  /// As a photo of a screen is. No affine map takes it there.
  @ParameterizedTest
  @ValueSource(longs = {33, 34, 35, 36})
  void pictureSeenFromOneSideIsACopy(long seed) {
    Mat original = scene(seed);
    Mat seen = mats.add();
    Imgproc.warpPerspective(original, seen, leaning(0.18), original.size(), Imgproc.INTER_LINEAR);

    assertThat(align(seen, original, AffineMap.IDENTITY).isCopy()).isTrue();
    assertThat(align(original, seen, AffineMap.IDENTITY).isCopy()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {37, 38, 39, 40})
  void otherPictureSeenFromOneSideIsNoCopy(long seed) {
    Mat seen = mats.add();
    Imgproc.warpPerspective(
        scene(seed + 1000), seen, leaning(0.18), new Size(192, 144), Imgproc.INTER_LINEAR);

    assertThat(align(seen, scene(seed), AffineMap.IDENTITY).isCopy()).isFalse();
  }

  /// Where the picture below is smooth, the text is all the texture there is.
  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44})
  void halfTransparentTextOverASmoothCopyIsNotHeldAgainstIt(long seed) {
    Mat original = smooth(seed);

    Evidence evidence = align(marked(original), original, AffineMap.IDENTITY);

    assertThat(evidence.isCopy()).as("%s", evidence).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {45, 46, 47, 48})
  void halfTransparentTextOverOtherPicturesMakesNoCopies(long seed) {
    Mat first = marked(smooth(seed));
    Mat second = marked(smooth(seed + 1000));

    assertThat(align(first, second, AffineMap.IDENTITY).isCopy()).isFalse();
  }

  /// Black strokes on white are what such a picture shows, not text laid over it.
  @ParameterizedTest
  @ValueSource(longs = {49, 50, 51, 52})
  void partOfADrawingIsACopyAndAnotherDrawingIsNot(long seed) {
    Mat drawing = strokes(seed);
    Mat crop = mats.add(mats.add(drawing.submat(new Rect(30, 20, 130, 110))).clone());
    AffineMap map = new AffineMap(1, 0, 31, 0, 1, 19);

    assertThat(align(crop, drawing, map).isCopy()).isTrue();
    assertThat(align(crop, strokes(seed + 1000), map).isCopy()).isFalse();
  }

  /// Seen from the left: the right side is lower by a share of the picture's height.
  private Mat leaning(double share) {
    return mats.add(
        Imgproc.getPerspectiveTransform(mats.add(corners(0)), mats.add(corners(share / 2 * 144))));
  }

  private static MatOfPoint2f corners(double lower) {
    return new MatOfPoint2f(
        new Point(0, 0), new Point(192, lower), new Point(192, 144 - lower), new Point(0, 144));
  }

  private Mat smooth(long seed) {
    Mat smooth = mats.add();
    scene(seed).convertTo(smooth, CvType.CV_8U, 0.6, 40);
    Imgproc.GaussianBlur(smooth, smooth, new Size(0, 0), 3);
    return smooth;
  }

  private Mat marked(Mat original) {
    Mat written = mats.add(original.clone());
    for (int line = 0; line < 2; line++) {
      Imgproc.putText(
          written,
          "BEST OFFER",
          new Point(8, 55 + 55 * line),
          Imgproc.FONT_HERSHEY_DUPLEX,
          0.85,
          new Scalar(255, 255, 255),
          2,
          Imgproc.LINE_AA);
    }
    Core.addWeighted(original, 0.5, written, 0.5, 0, written);
    return written;
  }

  private Mat strokes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Mat drawing = mats.add(new Mat(144, 192, CvType.CV_8UC3, new Scalar(255, 255, 255)));
    for (int i = 0; i < 10; i++) {
      Point at = new Point(random.nextDouble(192), random.nextDouble(144));
      Point to = new Point(random.nextDouble(192), random.nextDouble(144));
      if (i % 2 == 0) {
        Imgproc.circle(drawing, at, random.nextInt(5, 25), new Scalar(0, 0, 0), 2, Imgproc.LINE_AA);
      } else {
        Imgproc.line(drawing, at, to, new Scalar(0, 0, 0), 2, Imgproc.LINE_AA);
      }
    }
    return drawing;
  }

  @Test
  void flatAndTinyPicturesAreNoCopiesOfAnything() {
    Mat flat = mats.add(new Mat(100, 100, CvType.CV_8UC3, new Scalar(90, 90, 90)));
    Mat tiny = mats.add(new Mat(1, 1, CvType.CV_8UC3, new Scalar(90, 90, 90)));

    for (Mat one : new Mat[] {flat, tiny}) {
      for (Mat other : new Mat[] {flat, tiny, scene(26)}) {
        assertThat(align(one, other, AffineMap.IDENTITY).isCopy()).isFalse();
      }
    }
  }

  private Mat scene(long seed) {
    return mats.add(Scenes.scene(seed, 192, 144));
  }

  private Mat warped(Mat original, AffineMap map) {
    Mat matrix = mats.add(new Mat(2, 3, CvType.CV_64F));
    matrix.put(0, 0, map.a(), map.b(), map.tx(), map.c(), map.d(), map.ty());
    Mat warped = mats.add();
    Imgproc.warpAffine(original, warped, matrix, new Size(192, 144), Imgproc.INTER_LINEAR);
    return warped;
  }

  private static AffineMap off(AffineMap map) {
    return new AffineMap(
        map.a() * 1.03, map.b(), map.tx() - 3, map.c(), map.d() * 0.98, map.ty() + 4);
  }

  private static Evidence align(Mat first, Mat second, AffineMap map) {
    try (AlignedPicture one = new AlignedPicture(first);
        AlignedPicture other = new AlignedPicture(second)) {
      return new Aligner().align(one, other, map);
    }
  }
}
