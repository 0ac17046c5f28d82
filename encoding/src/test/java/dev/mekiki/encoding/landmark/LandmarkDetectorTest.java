package dev.mekiki.encoding.landmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.align.Scenes;
import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.LandmarkIndex;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Detection and look-up together: edited pictures are found among others.
class LandmarkDetectorTest {
  private static final int PICTURES = 40;
  private static final int BYTES_OF_A_LANDMARK = 22;

  /// 8 pixels, as frames are packed.
  private static final int LARGE = 3 * 32;

  static {
    OpenCvLibrary.load();
  }

  private final Mats mats = new Mats();
  private final LandmarkDetector detector = new LandmarkDetector();
  private final LandmarkIndex index = new LandmarkIndex();

  @BeforeEach
  void addPictures() {
    for (int i = 0; i < PICTURES; i++) {
      assertThat(index.add(detector.detect(picture(i)).stored())).isEqualTo(i);
    }
  }

  @AfterEach
  void release() {
    detector.close();
    mats.close();
  }

  @Test
  void samePictureHasTheSameLandmarks() {
    LandmarkDetector.Found once = detector.detect(picture(3));
    LandmarkDetector.Found again = detector.detect(picture(3));

    assertThat(once.stored().toBytes()).isEqualTo(again.stored().toBytes());
    assertThat(once.sought().toBytes()).isEqualTo(again.sought().toBytes());
    assertThat(once.stored().size()).isEqualTo(32);
    assertThat(once.sought().size()).isBetween(48, 144);
  }

  @Test
  void cropsAreFound() {
    assertNearlyAllAreFound(picture -> mats.add(picture.submat(new Rect(60, 40, 300, 240))), false);
  }

  @Test
  void rotationsAndMirrorImagesAreFound() {
    assertNearlyAllAreFound(
        picture -> {
          Mat turned = mats.add();
          Core.rotate(picture, turned, Core.ROTATE_90_CLOCKWISE);
          return turned;
        },
        false);
    assertNearlyAllAreFound(
        picture -> {
          Mat mirrored = mats.add();
          Core.flip(picture, mirrored, 1);
          return mirrored;
        },
        true);
  }

  @Test
  void halvedPicturesAreFound() {
    assertNearlyAllAreFound(
        picture -> {
          Mat half = mats.add();
          Imgproc.resize(picture, half, new Size(), 0.5, 0.5, Imgproc.INTER_AREA);
          return half;
        },
        false);
  }

  /// Of a picture that is shown small in another one, large landmarks alone can be seen.
  @Test
  void largeLandmarksAreStoredRather() {
    int large = 0;
    for (int i = 0; i < PICTURES; i++) {
      byte[] stored = detector.detect(picture(i)).stored().toBytes();
      for (int size = 2; size < stored.length; size += BYTES_OF_A_LANDMARK) {
        large += (stored[size] & 0xFF) >= LARGE ? 1 : 0;
      }
    }
    assertThat(large / (double) PICTURES).isGreaterThan(24);
  }

  @Test
  void pictureWithoutTextureHasNoLandmarks() {
    for (Size size : List.of(new Size(1, 1), new Size(3, 500), new Size(200, 200))) {
      Mat flat = mats.add(new Mat(size, CvType.CV_8U, new Scalar(128)));
      LandmarkDetector.Found found = detector.detect(flat);

      assertThat(found.stored().size()).isZero();
      assertThat(found.sought().size()).isZero();
      assertThat(index.candidates(found.sought(), 2)).isEmpty();
    }
  }

  /// Each edited picture proposes its original first, but for a few that propose nothing.
  private void assertNearlyAllAreFound(UnaryOperator<Mat> edit, boolean mirrored) {
    int found = 0;
    for (int i = 0; i < PICTURES; i++) {
      List<LandmarkCandidate> candidates =
          index.candidates(detector.detect(edit.apply(picture(i))).sought(), 2);
      if (!candidates.isEmpty()) {
        found++;
        assertThat(candidates.getFirst().row()).isEqualTo(i);
        assertThat(candidates.getFirst().map().isMirrored()).isEqualTo(mirrored);
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(PICTURES - 3);
  }

  private Mat picture(int number) {
    Mat grey = mats.add();
    Imgproc.cvtColor(mats.add(Scenes.scene(number, 420, 320)), grey, Imgproc.COLOR_BGR2GRAY);
    return grey;
  }
}
