package dev.mekiki.hashing.match;

/// The time between two cuts, in which an image arrived: one generation reports the pairs of an
/// era, all others keep silent about them.
///
/// @param number the number of the cut that began it; 0 before the first
/// @param silent true where another generation reports
public record Era(int number, boolean silent) {
  /// Before the first cut, in an index that reports.
  public static final Era FIRST = new Era(0, false);

  /// Whether a generation reports a pair: if it reports the later of the eras of both images.
  /// Whatever the order in which it comes to the images, the answer is the same; and of all
  /// generations, one gives it.
  public static boolean reports(Era a, Era b) {
    return !(a.number >= b.number ? a : b).silent;
  }
}
