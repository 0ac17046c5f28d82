package dev.mekiki.benchmarks.report;

import java.util.Arrays;

/// Times or counts, and their percentiles. Not thread-safe.
public final class Samples {
  private long[] nanos = new long[1024];
  private int size;

  public void add(long elapsedNanos) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * size);
    }
    nanos[size++] = elapsedNanos;
  }

  public int size() {
    return size;
  }

  /// The percentile of a share in microseconds; NaN if there are no samples.
  public double micros(double share) {
    return Figures.rounded(percentile(share) / 1e3);
  }

  /// The same in milliseconds.
  public double millis(double share) {
    return Figures.rounded(percentile(share) / 1e6);
  }

  /// The nearest-rank percentile, as added: nanoseconds of a time.
  public double percentile(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return sorted[Math.clamp((int) Math.ceil(share * size) - 1, 0, size - 1)];
  }
}
