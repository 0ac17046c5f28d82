package dev.mekiki.encoding.landmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.opencv.core.KeyPoint;

/// Chooses which keypoints of a picture become landmarks: strong and large ones, all over the
/// picture.
///
/// Each cell of a grid of 4 x 4 has a share of the places, so that text, whose corners are strong,
/// does not take all of them. Close to a chosen keypoint only one of another size is chosen. Places
/// that are left go to the best of those passed over.
final class KeypointSelection {
  private static final int GRID = 4;

  /// Places of a cell, as a multiple of an even share.
  private static final double CELL_SHARE = 1.6;

  /// Distance within which keypoints are close, as a share of the longest side.
  private static final double CLOSE = 0.05;

  /// Sizes that differ by this factor are different.
  private static final double OTHER_SIZE = 1.6;

  private final int places;
  private final double minSize;
  private final double sizePower;

  /// @param places largest number to choose
  /// @param minSize smallest diameter, in pixels
  /// @param sizePower how much size counts beside strength: not at all if it is 0, more than it if
  ///   it is above 1
  KeypointSelection(int places, double minSize, double sizePower) {
    this.places = places;
    this.minSize = minSize;
    this.sizePower = sizePower;
  }

  /// The chosen keypoints, best first.
  ///
  /// @param keypoints of a picture of the given size
  List<KeyPoint> choose(List<KeyPoint> keypoints, int width, int height) {
    List<KeyPoint> best =
        keypoints.stream()
            .filter(keypoint -> keypoint.size >= minSize)
            .sorted(Comparator.comparingDouble(this::rank).reversed())
            .toList();
    int cellPlaces = (int) Math.ceil(CELL_SHARE * places / (GRID * GRID));
    double close = CLOSE * Math.max(width, height);
    int[] taken = new int[GRID * GRID];
    List<KeyPoint> chosen = new ArrayList<>(places);
    List<KeyPoint> passedOver = new ArrayList<>();
    for (KeyPoint keypoint : best) {
      if (chosen.size() == places) {
        break;
      }
      int cell = cell(keypoint.pt.y, height) * GRID + cell(keypoint.pt.x, width);
      if (taken[cell] == cellPlaces
          || chosen.stream().anyMatch(other -> isClose(keypoint, other, close))) {
        passedOver.add(keypoint);
      } else {
        taken[cell]++;
        chosen.add(keypoint);
      }
    }
    chosen.addAll(passedOver.subList(0, Math.min(passedOver.size(), places - chosen.size())));
    return chosen;
  }

  private double rank(KeyPoint keypoint) {
    return keypoint.response * Math.pow(keypoint.size, sizePower);
  }

  private static int cell(double position, int side) {
    return Math.clamp((int) (position / side * GRID), 0, GRID - 1);
  }

  private static boolean isClose(KeyPoint a, KeyPoint b, double close) {
    double dx = a.pt.x - b.pt.x;
    double dy = a.pt.y - b.pt.y;
    return dx * dx + dy * dy < close * close
        && a.size < OTHER_SIZE * b.size
        && b.size < OTHER_SIZE * a.size;
  }
}
