package dev.mekiki.encoding.landmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.opencv.OpenCvLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.opencv.core.KeyPoint;

class KeypointSelectionTest {
  static {
    OpenCvLibrary.load();
  }

  private final SplittableRandom random = new SplittableRandom(4);

  @Test
  void strongCornersOfTextDoNotTakeAllPlaces() {
    List<KeyPoint> keypoints = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      keypoints.add(
          new KeyPoint(random.nextInt(256), random.nextInt(20), random.nextInt(4, 12), 0, 1));
    }
    for (int i = 0; i < 200; i++) {
      keypoints.add(
          new KeyPoint(
              random.nextInt(256), random.nextInt(64, 256), random.nextInt(4, 12), 0, 0.1f));
    }

    List<KeyPoint> chosen = new KeypointSelection(32, 3, 0.5).choose(keypoints, 256, 256);

    assertThat(chosen).hasSize(32);
    assertThat(chosen.stream().filter(keypoint -> keypoint.pt.y >= 64)).hasSizeGreaterThan(14);
  }

  @Test
  void placesThatAreLeftGoToThosePassedOver() {
    List<KeyPoint> keypoints = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keypoints.add(new KeyPoint(10 + 0.1f * i, 10, 5, 0, 1));
    }

    assertThat(new KeypointSelection(32, 3, 0.5).choose(keypoints, 256, 256)).hasSize(32);
  }

  @Test
  void smallKeypointsAreLeftOut() {
    List<KeyPoint> keypoints =
        List.of(new KeyPoint(10, 10, 2.9f, 0, 1), new KeyPoint(50, 10, 3, 0, 0.1f));

    assertThat(new KeypointSelection(32, 3, 0.5).choose(keypoints, 256, 256))
        .containsExactly(keypoints.get(1));
    assertThat(new KeypointSelection(32, 3, 0.5).choose(List.of(), 256, 256)).isEmpty();
  }

  @Test
  void sizeCountsAsMuchAsIsAskedFor() {
    KeyPoint strong = new KeyPoint(10, 10, 4, 0, 1);
    KeyPoint large = new KeyPoint(200, 200, 16, 0, 0.3f);

    assertThat(new KeypointSelection(1, 3, 0.5).choose(List.of(strong, large), 256, 256))
        .containsExactly(strong);
    assertThat(new KeypointSelection(1, 3, 1.4).choose(List.of(strong, large), 256, 256))
        .containsExactly(large);
  }
}
