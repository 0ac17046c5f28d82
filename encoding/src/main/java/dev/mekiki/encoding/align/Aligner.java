package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.hashing.landmark.AffineMap;

/// Lays one picture over another and measures where they agree: the check that decides whether
/// pictures that share landmarks are copies. Stateless and thread-safe.
///
/// Two rounds of block matching ({@link BlockMatching}) refine the map that the landmarks propose;
/// then {@link Comparison} looks at the pixels of the overlap. Pictures that are nearly copies get
/// a {@link SecondLook}.
public final class Aligner {
  static {
    OpenCvLibrary.load();
  }

  /// First far, then close by.
  private static final BlockMatching[] ROUNDS = {
    new BlockMatching(24, 16, 12, 2, 3.5), new BlockMatching(24, 16, 5, 1, 2.5)
  };

  /// Lays the first picture over the second.
  ///
  /// @param map from the pixels of the first to those of the second, as the landmarks propose it
  public Evidence align(AlignedPicture first, AlignedPicture second, AffineMap map) {
    AffineMap refined = map;
    BlockMatching.Round last = new BlockMatching.Round(map, 0, 0);
    for (BlockMatching round : ROUNDS) {
      BlockMatching.Round next = round.refine(first, second, refined);
      if (next.inliers() == 0) {
        last = new BlockMatching.Round(refined, last.inliers(), next.tested());
        break;
      }
      last = next;
      refined = next.map();
    }
    Evidence evidence = Comparison.of(first, second, last);
    if (!evidence.isCopy()) {
      evidence = SecondLook.at(first, second, evidence, ROUNDS[0], ROUNDS[1]);
    }
    return evidence.isCopy() && evidence.isDoubtful() && Repetition.isIn(second)
        ? evidence.withoutAgreement()
        : evidence;
  }
}
