package dev.mekiki.reliability;

import dev.mekiki.reliability.topics.Progress;
import dev.mekiki.reliability.topics.Progress.Lag;
import dev.mekiki.reliability.topics.TopicNames;
import dev.mekiki.reliability.topics.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Watches how far the services are while a run goes on: lag every second, and one watermark after
/// the other. Thread-safe.
final class Watch implements AutoCloseable {
  private static final Duration SAMPLE = Duration.ofSeconds(1);
  private static final Duration WATERMARK_LIMIT = Duration.ofMinutes(10);

  private final String bootstrapServers;
  private final TopicNames names;
  private final List<Lag> lags = new ArrayList<>();
  private final List<Watermark> watermarks = new ArrayList<>();
  private final List<Thread> threads;

  Watch(String bootstrapServers, TopicNames names) {
    this.bootstrapServers = bootstrapServers;
    this.names = names;
    this.threads =
        List.of(
            Thread.ofPlatform().name("lag").daemon().start(this::sample),
            Thread.ofPlatform().name("watermarks").daemon().start(this::follow));
  }

  private void sample() {
    try (Progress progress = new Progress(bootstrapServers, names)) {
      while (true) {
        Lag lag = progress.lag();
        if (lag != null) {
          synchronized (lags) {
            lags.add(lag);
          }
        }
        Thread.sleep(SAMPLE);
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try (Progress progress = new Progress(bootstrapServers, names)) {
      while (true) {
        Watermark next = progress.await(Instant.now().plus(WATERMARK_LIMIT));
        if (next != null) {
          add(next);
        }
        Thread.sleep(SAMPLE);
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until everything that is on `images` now has been processed.
  ///
  /// @return null where that is not so at the deadline
  @Nullable Watermark rest(Instant deadline) throws InterruptedException {
    try (Progress progress = new Progress(bootstrapServers, names)) {
      Watermark reached = progress.await(deadline);
      if (reached != null) {
        add(reached);
      }
      return reached;
    }
  }

  /// Waits until groups are what they will be.
  ///
  /// @return how long that took; null where it is not so at the deadline
  @Nullable Duration groupsRest(Instant deadline) throws InterruptedException {
    try (Progress progress = new Progress(bootstrapServers, names)) {
      return progress.awaitGroups(deadline);
    }
  }

  private void add(Watermark watermark) {
    synchronized (watermarks) {
      watermarks.add(watermark);
    }
  }

  List<Lag> lags() {
    synchronized (lags) {
      return List.copyOf(lags);
    }
  }

  /// In the order in which they were reached.
  List<Watermark> watermarks() {
    synchronized (watermarks) {
      return List.copyOf(watermarks);
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
