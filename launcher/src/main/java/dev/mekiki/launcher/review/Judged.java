package dev.mekiki.launcher.review;

import org.jspecify.annotations.Nullable;

/// Some pairs that were judged, and how many of them are what their events say.
///
/// @param name what they have in common
/// @param precision confirmed ones of all, 0 to 1; null where there are none
/// @param least lower end of the 95 % interval of the precision (Wilson's), or null
/// @param most its upper end, or null
public record Judged(
    String name,
    int confirmed,
    int dismissed,
    @Nullable Double precision,
    @Nullable Double least,
    @Nullable Double most) {
  /// The standard score of a two-sided interval of 95 %.
  private static final double Z = 1.96;

  static Judged of(String name, int confirmed, int dismissed) {
    int all = confirmed + dismissed;
    if (all == 0) {
      return new Judged(name, 0, 0, null, null, null);
    }
    double share = (double) confirmed / all;
    double spread = Z * Math.sqrt(share * (1 - share) / all + Z * Z / (4.0 * all * all));
    double middle = share + Z * Z / (2.0 * all);
    double scale = 1 + Z * Z / all;
    return new Judged(
        name,
        confirmed,
        dismissed,
        share,
        Math.max(0, (middle - spread) / scale),
        Math.min(1, (middle + spread) / scale));
  }

  /// How many were judged.
  public int pairs() {
    return confirmed + dismissed;
  }
}
