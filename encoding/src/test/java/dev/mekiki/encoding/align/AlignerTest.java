package dev.mekiki.encoding.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.AffineMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
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
