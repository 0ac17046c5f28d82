package dev.mekiki.benchmarks.testbed;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;

/// The share of the process's CPU time that some threads take.
public final class CpuShare {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Set<Long> threads;
  private long processBefore;
  private long threadsBefore;

  /// @param threads ids of the threads
  CpuShare(Set<Long> threads) {
    this.threads = Set.copyOf(threads);
    start();
  }

  /// Starts to measure.
  public void start() {
    processBefore = process();
    threadsBefore = ofThreads();
  }

  /// The share since {@link #start}, 0 to 1. The process's time includes the garbage collector, the
  /// compiler and native threads.
  public double share() {
    long process = process() - processBefore;
    return process == 0 ? 0 : (double) (ofThreads() - threadsBefore) / process;
  }

  private long ofThreads() {
    // A thread that has ended reports -1.
    return threads.stream().mapToLong(id -> Math.max(0, THREADS.getThreadCpuTime(id))).sum();
  }

  private static long process() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
