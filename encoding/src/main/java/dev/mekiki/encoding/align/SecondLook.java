package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;
import org.opencv.core.Point;

/// Looks again at pictures of which much is the same, but too little for a copy. One of them may be
/// seen from one side, which no affine map explains, or half-transparent text may lie over it.
final class SecondLook {
  // Fewer blocks that are found where the map says are not worth a second look.
  private static final int MIN_INLIERS = 12;
  private static final double MIN_SHARE = 0.3;

  /// Blocks that must lie where a homography says.
  private static final int MIN_FITTED = 20;

  /// How far a homography may move a corner of the picture, as a share of its diagonal.
  private static final double MAX_MOVE = 0.15;

  private final AlignedPicture second;
  private final Evidence evidence;
  private final BlockMatching far;
  private final BlockMatching close;
  private final Mats mats;

  private SecondLook(
      AlignedPicture second, Evidence evidence, BlockMatching far, BlockMatching close, Mats mats) {
    this.second = second;
    this.evidence = evidence;
    this.far = far;
    this.close = close;
    this.mats = mats;
  }

  /// The evidence of a second look if it says that the pictures are copies, else what was found
  /// before.
  ///
  /// @param evidence of an alignment by an affine map
  /// @param far block matching that finds blocks where a homography takes them
  /// @param close block matching once it is known
  static Evidence at(
      AlignedPicture first,
      AlignedPicture second,
      Evidence evidence,
      BlockMatching far,
      BlockMatching close) {
    if (evidence.inliers() < MIN_INLIERS || evidence.inlierShare() < MIN_SHARE) {
      return evidence;
    }
    try (Mats mats = new Mats()) {
      Evidence again = new SecondLook(second, evidence, far, close, mats).at(first);
      return again.isCopy() ? again : evidence;
    }
  }

  private Evidence at(AlignedPicture first) {
    @Nullable Homography homography = straightening(first);
    if (homography == null) {
      return withoutOverlay(first, evidence);
    }
    try (AlignedPicture straight = first.seenBy(homography.matrix())) {
      BlockMatching.Round round = close.refine(straight, second, evidence.map());
      if (round.inliers() <= evidence.inliers()) {
        return withoutOverlay(first, evidence);
      }
      Evidence straightened = Comparison.of(straight, second, round);
      return straightened.isCopy() ? straightened : withoutOverlay(straight, straightened);
    }
  }

  private Evidence withoutOverlay(AlignedPicture first, Evidence found) {
    Mat overlay = Overlay.mask(first, second, found.map(), mats);
    if (overlay.empty()) {
      return found;
    }
    BlockMatching.Round round = close.refine(first, second, found.map(), overlay);
    return round.inliers() == 0 ? found : Comparison.of(first, second, round, overlay);
  }

  /// What makes the first picture one that the affine map lays over the second: a homography in the
  /// first one's own coordinates. Null if there is none.
  private @Nullable Homography straightening(AlignedPicture first) {
    AffineMap map = evidence.map();
    @Nullable Homography correction = far.homography(first, second, map, MIN_FITTED, mats);
    if (correction == null || !isMild(correction)) {
      return null;
    }
    return correction.after(map, mats).then(map.inverse(), mats);
  }

  private boolean isMild(Homography homography) {
    double most = MAX_MOVE * Math.hypot(second.width(), second.height());
    for (int i = 0; i < 4; i++) {
      Point corner = new Point((i & 1) * second.width(), (i >> 1) * second.height());
      if (!homography.isInFront(corner) || homography.distance(corner, corner) > most) {
        return false;
      }
    }
    return true;
  }
}
