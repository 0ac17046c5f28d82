package dev.mekiki.launcher.process;

import java.time.Duration;
import java.time.Instant;

/// Time since the process was started, the start of the JVM included.
public final class ProcessClock {
  private ProcessClock() {}

  /// Seconds since the start.
  public static double seconds() {
    Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
    return Duration.between(start, Instant.now()).toMillis() / 1000.0;
  }
}
