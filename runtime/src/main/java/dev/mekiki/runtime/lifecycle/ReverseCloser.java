package dev.mekiki.runtime.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts that a start has made, closed in reverse order. A part that fails to close is logged
/// and does not keep the others open. Thread-safe.
///
/// Guava's `Closer` takes no {@link AutoCloseable} and throws where this one goes on.
public final class ReverseCloser implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReverseCloser.class);

  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  /// With no parts yet.
  public ReverseCloser() {}

  /// Takes a part that was started. Where everything is closed already, the part is closed at once.
  ///
  /// @return the part
  /// @throws IllegalStateException where everything is closed already
  public <T extends AutoCloseable> T add(T part) {
    add(part.getClass().getSimpleName(), part);
    return part;
  }

  /// Takes a part that is closed by an action; see {@link #add(AutoCloseable)}.
  ///
  /// @param name of the part, for the log
  public void add(String name, AutoCloseable closing) {
    Part part = new Part(name, closing);
    synchronized (this) {
      if (!closed) {
        parts.push(part);
        return;
      }
    }
    part.close();
    throw new IllegalStateException("closed already: %s came too late".formatted(name));
  }

  /// Closes every part once, the latest first. A second call does nothing; while another thread
  /// closes, it waits.
  @Override
  public synchronized void close() {
    closed = true;
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private record Part(String name, AutoCloseable closing) {
    void close() {
      try {
        closing.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        log.warn("Interrupted while closing part={}", name);
      } catch (Exception e) {
        log.warn("Part not closed cleanly part={}", name, e);
      }
    }
  }
}
