package dev.mekiki.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;

/// Rounds and converts numbers for reports.
public final class Figures {
  private static final MathContext DIGITS = new MathContext(5);

  private Figures() {}

  /// Rounded to five digits; runs differ in the third.
  public static double rounded(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : value;
  }

  public static double seconds(long nanos) {
    return rounded(nanos / 1e9);
  }

  /// Rate per second, rounded.
  public static double perSecond(double count, long nanos) {
    return rounded(count / nanos * 1e9);
  }
}
