package dev.mekiki.launcher.process;

import java.lang.management.ManagementFactory;

/// Time since the start of the JVM. Not of the process: the script builds first where it must, and
/// then becomes the JVM's process.
public final class ProcessClock {
  private ProcessClock() {}

  /// Seconds since the start.
  public static double seconds() {
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    return (System.currentTimeMillis() - start) / 1000.0;
  }
}
