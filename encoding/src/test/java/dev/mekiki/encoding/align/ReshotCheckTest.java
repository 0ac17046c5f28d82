package dev.mekiki.encoding.align;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

class ReshotCheckTest {
  static {
    OpenCvLibrary.load();
  }

  // Drawn large, so that a thing may move by a fraction of a pixel of what is compared.
  private static final int WIDTH = 768;
  private static final int HEIGHT = 576;
  private static final int REDUCTION = 4;
  private static final Rect THING = new Rect(180, 120, 420, 340);

  private final Mats mats = new Mats();

  @AfterEach
  void release() {
    mats.close();
  }

  /// The thing lies nearer than what is behind it: the camera has moved by a little.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void secondPhotoIsToldFromACopy(long seed) {
    Mat first = reduced(photo(seed, 0, 0));
    Mat second = reduced(photo(seed, 5, 3));

    assertThat(align(first, second, AffineMap.IDENTITY).isCopy()).isTrue();
    assertThat(isReshot(first, second)).isTrue();
    assertThat(isReshot(second, first)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void copiesAreNone(long seed) {
    Mat photo = photo(seed, 0, 0);
    Mat original = reduced(photo);

    assertThat(isReshot(original, original)).isFalse();
    assertThat(isReshot(compressed(original, 30), original)).isFalse();
    assertThat(isReshot(original, compressed(original, 30))).isFalse();
    assertThat(isReshot(brighter(original), original)).isFalse();
    assertThat(isReshot(captioned(original), original)).isFalse();
    assertThat(isReshot(seenFromTheSide(original), original)).isFalse();
    assertThat(isReshot(original, seenFromTheSide(original))).isFalse();
    Mat shifted = reduced(mats.add(photo.submat(new Rect(5, 3, WIDTH - 8, HEIGHT - 8))));
    assertThat(isReshot(shifted, original)).isFalse();
  }

  @Test
  void copyOfAnotherSizeIsNone() {
    Mat photo = photo(7, 0, 0);
    Mat original = reduced(photo);
    Mat half = mats.add();
    Imgproc.resize(photo, half, new Size(96, 72), 0, 0, Imgproc.INTER_AREA);
    AffineMap larger = new AffineMap(2, 0, 0.5, 0, 2, 0.5);

    assertThat(isReshot(half, original, larger)).isFalse();
    assertThat(isReshot(original, half, larger.inverse())).isFalse();
  }

  @Test
  void picturesWithTooLittleTextureAreNone() {
    Mat flat = mats.add(new Mat(100, 100, CvType.CV_8UC3, new Scalar(90, 90, 90)));
    Mat tiny = mats.add(new Mat(1, 1, CvType.CV_8UC3, new Scalar(90, 90, 90)));

    assertThat(isReshot(flat, flat)).isFalse();
    assertThat(isReshot(tiny, flat)).isFalse();
    assertThat(isReshot(flat, tiny)).isFalse();
  }

  private Mat photo(long seed, int dx, int dy) {
    Mat photo = mats.add(Scenes.scene(seed, WIDTH, HEIGHT));
    Mat thing = mats.add(Scenes.scene(seed + 1000, THING.width, THING.height));
    Rect place = new Rect(THING.x + dx, THING.y + dy, THING.width, THING.height);
    thing.copyTo(mats.add(photo.submat(place)));
    return photo;
  }

  private Mat reduced(Mat photo) {
    Mat reduced = mats.add();
    Size size = new Size((double) photo.cols() / REDUCTION, (double) photo.rows() / REDUCTION);
    Imgproc.resize(photo, reduced, size, 0, 0, Imgproc.INTER_AREA);
    return compressed(reduced, 90);
  }

  private Mat compressed(Mat picture, int quality) {
    MatOfByte file = mats.add(new MatOfByte());
    MatOfInt parameters = mats.add(new MatOfInt(Imgcodecs.IMWRITE_JPEG_QUALITY, quality));
    Imgcodecs.imencode(".jpg", picture, file, parameters);
    return mats.add(Imgcodecs.imdecode(file, Imgcodecs.IMREAD_COLOR));
  }

  private Mat brighter(Mat picture) {
    Mat brighter = mats.add();
    picture.convertTo(brighter, CvType.CV_8U, 0.8, 40);
    return brighter;
  }

  private Mat captioned(Mat picture) {
    Mat captioned = mats.add(picture.clone());
    Imgproc.putText(
        captioned,
        "BEST OFFER",
        new Point(6, 100),
        Imgproc.FONT_HERSHEY_DUPLEX,
        0.8,
        new Scalar(255, 255, 255),
        2,
        Imgproc.LINE_AA);
    return captioned;
  }

  /// A photo of a screen.
  private Mat seenFromTheSide(Mat picture) {
    double right = picture.cols() - 1.0;
    double bottom = picture.rows() - 1.0;
    MatOfPoint2f corners =
        mats.add(
            new MatOfPoint2f(
                new Point(0, 0),
                new Point(right, 0),
                new Point(right, bottom),
                new Point(0, bottom)));
    MatOfPoint2f seen =
        mats.add(
            new MatOfPoint2f(
                new Point(0, 0),
                new Point(right - 1, 3),
                new Point(right - 2, bottom - 2),
                new Point(1, bottom)));
    Mat view = mats.add();
    Mat map = mats.add(Imgproc.getPerspectiveTransform(corners, seen));
    Imgproc.warpPerspective(
        picture, view, map, picture.size(), Imgproc.INTER_CUBIC, Core.BORDER_REPLICATE);
    return view;
  }

  private static Evidence align(Mat first, Mat second, AffineMap map) {
    try (AlignedPicture one = new AlignedPicture(first);
        AlignedPicture other = new AlignedPicture(second)) {
      return new Aligner().align(one, other, map);
    }
  }

  private static boolean isReshot(Mat first, Mat second) {
    return isReshot(first, second, AffineMap.IDENTITY);
  }

  private static boolean isReshot(Mat first, Mat second, AffineMap map) {
    try (AlignedPicture one = new AlignedPicture(first);
        AlignedPicture other = new AlignedPicture(second)) {
      AffineMap refined = new Aligner().align(one, other, map).map();
      return ReshotCheck.isReshot(one, other, refined);
    }
  }
}
