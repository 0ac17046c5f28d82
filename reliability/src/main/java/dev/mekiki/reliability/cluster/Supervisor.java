package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Looks after processes as a container engine does it: one that ends unexpectedly is noted and
/// started again. Thread-safe.
final class Supervisor {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final List<Ended> ended = new ArrayList<>();

  /// Begins, on a thread of its own.
  ///
  /// @param isOver whether to look after them no longer
  void watch(List<Node> nodes, BooleanSupplier isOver) {
    Thread.ofVirtual().name("supervisor").start(() -> run(nodes, isOver));
  }

  private void run(List<Node> nodes, BooleanSupplier isOver) {
    try {
      while (!isOver.getAsBoolean()) {
        Thread.sleep(PAUSE);
        for (Node node : nodes) {
          Integer exitCode = node.endedByItself();
          if (exitCode != null && !isOver.getAsBoolean()) {
            synchronized (ended) {
              ended.add(new Ended(Instant.now(), node.name(), exitCode));
            }
            node.start();
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("a process that ended cannot be started again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Processes that ended by themselves so far.
  List<Ended> ended() {
    synchronized (ended) {
      return List.copyOf(ended);
    }
  }
}
