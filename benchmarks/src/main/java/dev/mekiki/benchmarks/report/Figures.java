package dev.mekiki.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers as they are published.
public final class Figures {
  private static final MathContext DIGITS = new MathContext(5);

  private Figures() {}

  /// To five digits: a run repeats to two or three.
  public static double rounded(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : value;
  }

  public static double seconds(long nanos) {
    return rounded(nanos / 1e9);
  }

  /// How often a second, rounded.
  public static double perSecond(double count, long nanos) {
    return rounded(count / nanos * 1e9);
  }
}
