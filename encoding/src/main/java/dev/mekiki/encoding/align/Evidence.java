package dev.mekiki.encoding.align;

import dev.mekiki.hashing.landmark.AffineMap;

/// What was found by laying one picture over another. Shares are 0 to 1.
///
/// @param map from the pixels of the first picture to those of the second; the affine part of it if
///   one of them is seen from one side
/// @param inliers blocks of the second picture that were found in the first where the map says
/// @param inlierShare of the blocks that have texture and lie in the overlap
/// @param agreeingArea where the pictures agree: share of the second picture, or of the first,
///   whichever is larger
/// @param agreement agreeing area as a share of that which agrees or disagrees; flat parts do
///   neither
/// @param badShare share of the overlap whose lightness or colour differs
/// @param overlapOfFirst share of the first picture that is seen in the second
/// @param overlapOfSecond share of the second picture that is seen in the first
public record Evidence(
    AffineMap map,
    int inliers,
    double inlierShare,
    double agreeingArea,
    double agreement,
    double badShare,
    double overlapOfFirst,
    double overlapOfSecond) {
  private static final int MIN_INLIERS = 12;
  private static final double MIN_AREA = 0.22;
  private static final double MIN_SHARE = 0.55;
  private static final double MIN_SHARES = 1.28;
  private static final double MAX_BAD = 0.28;
  private static final double NEARLY_ALL = 0.9;
  private static final double MAX_CUT_OVERLAP = 2.0 / 3;
  private static final double MAX_SURE_STRETCH = 1.35;
  private static final double MAX_BAD_WHERE_ALL_AGREES = 0.45;
  private static final double MIN_ELEMENT_AREA = 0.08;

  // Of a picture with very many blocks that are found.
  private static final int MANY_INLIERS = 30;
  private static final double MANY_MIN_SHARE = 0.78;
  private static final double MANY_MIN_AGREEMENT = 0.68;
  private static final double MANY_MAX_BAD = 0.35;
  private static final double MOST_MIN_SHARE = 0.86;
  private static final double MOST_MIN_AGREEMENT = 0.8;
  private static final double MOST_MAX_BAD = 0.4;

  // Of a picture with few textured blocks.
  private static final int FEW_INLIERS = 5;
  private static final double FEW_MIN_AREA = 0.24;
  private static final double FEW_MIN_SHARE = 0.7;
  private static final double FEW_MIN_AGREEMENT = 0.8;
  private static final double FEW_MAX_BAD = 0.25;
  private static final double FEW_LESS_AGREEMENT = 0.66;
  private static final double FEW_LESS_MAX_BAD = 0.16;
  private static final double FEW_WHOLE_MIN_SHARE = 0.8;
  private static final double FEW_WHOLE_AGREEMENT = 0.97;
  private static final double FEW_WHOLE_MAX_BAD = 0.35;

  // Of a picture whose pixels say enough without blocks.
  private static final double PIXELS_MIN_AREA = 0.4;
  private static final double PIXELS_MIN_AGREEMENT = 0.8;
  private static final double PIXELS_MAX_BAD = 0.15;
  private static final double PIXELS_SMALL_AREA = 0.24;
  private static final double PIXELS_SMALL_MAX_BAD = 0.2;
  private static final double PIXELS_LARGE_AREA = 0.5;
  private static final double PIXELS_LARGE_MAX_BAD = 0.3;

  // Of a picture that hardly has texture, and of which hardly anything differs.
  private static final int SAME_INLIERS = 3;
  private static final double SAME_MIN_AREA = 0.18;
  private static final double SAME_MAX_BAD = 0.05;

  // Of a picture under half-transparent text, or made so small that blocks lose their texture.
  private static final int COVERED_INLIERS = 10;
  private static final double COVERED_MIN_AREA = 0.2;
  private static final double COVERED_MIN_SHARE = 0.48;
  private static final double COVERED_MIN_AGREEMENT = 0.6;
  private static final double COVERED_SURE_AGREEMENT = 0.7;
  private static final double COVERED_MIN_SHARES = 1.1;
  private static final double COVERED_MAX_BAD = 0.25;

  /// Whether one picture is a copy of the other, or of a part of it.
  public boolean isCopy() {
    return isEnough() || isEnoughOfFew() || isTheSame() || pixelsAgree() || isCovered();
  }

  /// Whether each picture shows much that the other does not, colours differ, or one is stretched
  /// until it fits: then a pattern that repeats itself proves nothing.
  boolean isDoubtful() {
    return Math.max(overlapOfFirst, overlapOfSecond) < MAX_CUT_OVERLAP
        || badShare > MAX_BAD
        || map.stretch() > MAX_SURE_STRETCH;
  }

  /// The same where agreement proves nothing.
  Evidence withoutAgreement() {
    return new Evidence(map, 0, 0, 0, 0, badShare, overlapOfFirst, overlapOfSecond);
  }

  private boolean isEnough() {
    return inliers >= MIN_INLIERS
        && agreeingArea >= MIN_AREA
        && agreement >= MIN_SHARE
        && inlierShare >= MIN_SHARE
        && agreement + inlierShare >= MIN_SHARES
        && badShare <= maxBad();
  }

  private double maxBad() {
    if (nearlyAllAgrees()) {
      return MAX_BAD_WHERE_ALL_AGREES;
    }
    if (isFound(MOST_MIN_SHARE, MOST_MIN_AGREEMENT)) {
      return MOST_MAX_BAD;
    }
    return isFound(MANY_MIN_SHARE, MANY_MIN_AGREEMENT) ? MANY_MAX_BAD : MAX_BAD;
  }

  /// Whether very many blocks are found, such a share of them, and so much agrees.
  private boolean isFound(double minShare, double minAgreement) {
    return inliers >= MANY_INLIERS && inlierShare >= minShare && agreement >= minAgreement;
  }

  /// What differs lies over the picture, as text does.
  private boolean nearlyAllAgrees() {
    return inlierShare >= NEARLY_ALL && agreement >= NEARLY_ALL;
  }

  private boolean isEnoughOfFew() {
    if (inliers < FEW_INLIERS || agreeingArea < FEW_MIN_AREA || inlierShare < FEW_MIN_SHARE) {
      return false;
    }
    return differsIn(FEW_MIN_AGREEMENT, FEW_MAX_BAD)
        || differsIn(FEW_LESS_AGREEMENT, FEW_LESS_MAX_BAD)
        || (inlierShare >= FEW_WHOLE_MIN_SHARE
            && differsIn(FEW_WHOLE_AGREEMENT, FEW_WHOLE_MAX_BAD));
  }

  /// Whether so much agrees, and no more differs.
  private boolean differsIn(double minAgreement, double maxBad) {
    return agreement >= minAgreement && badShare <= maxBad;
  }

  private boolean isTheSame() {
    return inliers >= SAME_INLIERS
        && agreeingArea >= SAME_MIN_AREA
        && agreement >= NEARLY_ALL
        && badShare <= SAME_MAX_BAD;
  }

  private boolean pixelsAgree() {
    return (agreeingArea >= PIXELS_MIN_AREA && differsIn(PIXELS_MIN_AGREEMENT, PIXELS_MAX_BAD))
        || (agreeingArea >= PIXELS_SMALL_AREA && differsIn(NEARLY_ALL, PIXELS_SMALL_MAX_BAD))
        || (agreeingArea >= PIXELS_LARGE_AREA
            && differsIn(PIXELS_MIN_AGREEMENT, PIXELS_LARGE_MAX_BAD));
  }

  private boolean isCovered() {
    return inliers >= (agreement >= COVERED_SURE_AGREEMENT ? COVERED_INLIERS : MIN_INLIERS)
        && agreeingArea >= COVERED_MIN_AREA
        && inlierShare >= COVERED_MIN_SHARE
        && agreement >= COVERED_MIN_AGREEMENT
        && agreement + inlierShare >= COVERED_MIN_SHARES
        && badShare <= COVERED_MAX_BAD;
  }

  /// Whether the pictures share an element, such as a logo or a caption, if they are no copies.
  public boolean sharesElement() {
    return inliers >= MIN_INLIERS && agreeingArea >= MIN_ELEMENT_AREA;
  }
}
