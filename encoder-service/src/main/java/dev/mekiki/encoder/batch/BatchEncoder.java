package dev.mekiki.encoder.batch;

import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Gathers prepared images into batches for the network. Query images go first and never wait;
/// images of the stream wait for company up to a delay, and only while others are on their way.
///
/// Thread-safe. Its own threads call the encoder; they complete the futures given out.
public final class BatchEncoder implements AutoCloseable {
  private final ImageEncoder encoder;
  private final int batchSize;
  private final long maxDelayNanos;
  private final EncoderMetrics metrics;
  private final List<Thread> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Waiting> queries = new ArrayDeque<>();
  private final Queue<Waiting> stream = new ArrayDeque<>();
  private int onTheirWay;
  private boolean closed;

  public BatchEncoder(
      ImageEncoder encoder, int threads, int batchSize, Duration maxDelay, EncoderMetrics metrics) {
    this.encoder = encoder;
    this.batchSize = batchSize;
    this.maxDelayNanos = maxDelay.toNanos();
    this.metrics = metrics;
    for (int i = 0; i < threads; i++) {
      this.threads.add(
          Thread.ofPlatform().daemon().name("mekiki-encoder-batch-" + i).start(this::run));
    }
  }

  /// Says that an image of the stream is being prepared: batches may wait for it. Each call is
  /// followed by one of {@link #arrive} or {@link #stayAway}.
  public void expect() {
    lock.lock();
    try {
      onTheirWay++;
    } finally {
      lock.unlock();
    }
  }

  /// An expected image of the stream.
  public CompletableFuture<EncodedImage> arrive(PreparedImage image) {
    return add(stream, image, 1);
  }

  /// Says that an expected image will not come.
  public void stayAway() {
    lock.lock();
    try {
      onTheirWay--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A query image.
  public CompletableFuture<EncodedImage> query(PreparedImage image) {
    return add(queries, image, 0);
  }

  private CompletableFuture<EncodedImage> add(
      Queue<Waiting> queue, PreparedImage image, int expected) {
    Waiting waiting = new Waiting(image, System.nanoTime(), new CompletableFuture<>());
    lock.lock();
    try {
      onTheirWay -= expected;
      if (closed) {
        waiting.encoded.completeExceptionally(new CancellationException("encoder closed"));
      } else {
        queue.add(waiting);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    return waiting.encoded;
  }

  private void run() {
    while (true) {
      List<Waiting> batch = next();
      if (batch == null) {
        return;
      }
      encode(batch);
    }
  }

  private void encode(List<Waiting> batch) {
    metrics.batchSize.record(batch.size());
    List<EncodedImage> encoded;
    long start = System.nanoTime();
    try {
      encoded = encoder.encode(batch.stream().map(Waiting::image).toList());
    } catch (RuntimeException | Error e) {
      batch.forEach(waiting -> waiting.encoded.completeExceptionally(e));
      return;
    }
    metrics.encode.record(Duration.ofNanos(System.nanoTime() - start));
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).encoded.complete(encoded.get(i));
    }
  }

  /// The next batch; null when closed.
  private @Nullable List<Waiting> next() {
    lock.lock();
    try {
      while (!closed) {
        if (!queries.isEmpty() || stream.size() >= batchSize) {
          return taken();
        }
        if (stream.isEmpty()) {
          changed.awaitUninterruptibly();
          continue;
        }
        long left = stream.element().since + maxDelayNanos - System.nanoTime();
        if (onTheirWay == 0 || left <= 0) {
          return taken();
        }
        // An interrupt is no way to stop these threads: close is.
        long _ = changed.awaitNanos(left);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting> taken() {
    List<Waiting> batch = new ArrayList<>(batchSize);
    for (Queue<Waiting> queue : List.of(queries, stream)) {
      while (batch.size() < batchSize && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
    }
    return batch;
  }

  /// Ends the threads after the batches they are at; what still waits is cancelled.
  @Override
  public void close() {
    List<Waiting> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(queries);
      left.addAll(stream);
      queries.clear();
      stream.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(waiting ->
        waiting.encoded.completeExceptionally(new CancellationException("encoder closed")));
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// An image and the promise of its codes.
  private record Waiting(
      PreparedImage image, long since, CompletableFuture<EncodedImage> encoded) {}
}
