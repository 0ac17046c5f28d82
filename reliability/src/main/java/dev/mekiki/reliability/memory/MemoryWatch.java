package dev.mekiki.reliability.memory;

import com.sun.management.OperatingSystemMXBean;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.reliability.cluster.Node;
import dev.mekiki.reliability.cluster.Role;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Samples the memory of all processes while a run goes on, and how busy the machine is.
/// Thread-safe.
public final class MemoryWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MemoryWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final List<Node> nodes;
  private final Map<String, Gauges> gauges = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private final List<Double> loads = new ArrayList<>();
  private final Thread thread;

  /// Begins at once.
  public MemoryWatch(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
    for (Node node : nodes) {
      if (node.role() != Role.BROKER) {
        gauges.put(node.name(), new Gauges(node.address()));
      }
    }
    this.thread = Thread.ofPlatform().name("memory").daemon().start(this::follow);
  }

  private void follow() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    try {
      while (true) {
        double load = system.getCpuLoad();
        for (Node node : nodes) {
          sample(node);
        }
        synchronized (samples) {
          if (load >= 0) {
            loads.add(load);
          }
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample(Node node) {
    Instant now = Instant.now();
    Map<Part, Long> own = new EnumMap<>(Part.class);
    node.pid().ifPresent(pid -> resident(pid).ifPresent(bytes -> own.put(Part.RESIDENT, bytes)));
    long children = 0;
    for (long child : node.children()) {
      children += resident(child).orElse(0);
    }
    Gauges metrics = gauges.get(node.name());
    try {
      if (metrics != null) {
        own.put(Part.HEAP, sum(metrics, "jvm_memory_committed_bytes", "area=\"heap\""));
        own.put(
            Part.JVM,
            sum(metrics, "jvm_memory_committed_bytes", "area=\"nonheap\"")
                + sum(metrics, "jvm_buffer_memory_used_bytes", "id=\"direct\""));
      }
      if (metrics != null && node.role() == Role.INDEX) {
        own.put(Part.ROCKSDB, sum(metrics, "mekiki_index_rocksdb_bytes", ""));
      }
    } catch (StartException e) {
      log.debug("No metrics now node={}", node, e);
    }
    synchronized (samples) {
      samples.add(new Sample(now, node.name(), own));
      if (children > 0) {
        samples.add(new Sample(now, node.name() + " decoding", Map.of(Part.RESIDENT, children)));
      }
    }
  }

  private static long sum(Gauges metrics, String name, String label) {
    return Math.round(metrics.sum(name, label));
  }

  /// Resident memory of a process in bytes; empty where there is none of that id, or the system
  /// does not say.
  static OptionalLong resident(long pid) {
    try {
      return Files.readAllLines(
              Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1)
          .stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What was seen so far.
  public List<Sample> samples() {
    synchronized (samples) {
      return List.copyOf(samples);
    }
  }

  /// Share of the machine's processors that was busy, in the mean of the time so far.
  public double busy() {
    synchronized (samples) {
      return loads.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
