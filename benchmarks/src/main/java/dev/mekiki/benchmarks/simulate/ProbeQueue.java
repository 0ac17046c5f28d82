package dev.mekiki.benchmarks.simulate;

import java.util.Arrays;

/// Probes on their way to one partition, in the order in which they were sent.
final class ProbeQueue {
  private long[] probes = new long[64];
  private int head;
  private int size;

  /// @param image number of the image that probes
  /// @param seen sequence of the last probe from here that its home had processed
  void add(int image, int seen) {
    if (size == probes.length) {
      long[] larger = Arrays.copyOf(probes, 2 * size);
      System.arraycopy(probes, 0, larger, size, head);
      probes = larger;
    }
    probes[(head + size++) & (probes.length - 1)] = (long) image << Integer.SIZE | seen;
  }

  /// Takes the oldest: the image in the upper half, what it had seen in the lower.
  long take() {
    long probe = probes[head];
    head = (head + 1) & (probes.length - 1);
    size--;
    return probe;
  }

  static int image(long probe) {
    return (int) (probe >>> Integer.SIZE);
  }

  static int seen(long probe) {
    return (int) probe;
  }

  int size() {
    return size;
  }
}
