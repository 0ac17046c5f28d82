package dev.mekiki.benchmarks.report;

import java.lang.management.ManagementFactory;

/// Live bytes of the heap.
public final class HeapInUse {
  private HeapInUse() {}

  /// The heap in use after two full collections: the first may leave what references and cleaners
  /// still hold.
  public static long bytes() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
