package dev.mekiki.encoder.batch;

import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.ComponentFailedException;
import dev.mekiki.runtime.lifecycle.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Gathers prepared images into batches for the network. Query images go first and never wait.
/// Images of the stream wait for others up to a delay, and only while others are being prepared.
///
/// Where a batch fails, a blank image shows why. If the network works, the images are encoded one
/// by one, and those that fail alone fail with {@link ImageDefectException}. If it does not, images
/// of the stream are tried again after a delay, for as long as the owner of failures allows; then
/// the process ends. Query images fail at once with {@link NetworkUnavailableException}.
///
/// Thread-safe. Its own threads call the network and complete the futures.
public final class BatchEncoder implements AutoCloseable {
  private final Network network;
  private final int batchSize;
  private final long maxDelayNanos;
  private final EncoderMetrics metrics;
  private final Component component;
  private final List<Thread> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Waiting> queries = new ArrayDeque<>();
  private final Deque<Waiting> stream = new ArrayDeque<>();
  private int expected;
  private int busy;
  private boolean closed;

  /// @param threads that run the network
  /// @param batchSize most images in one batch
  /// @param maxDelay how long an image of the stream waits for others
  /// @param component owns the network's failures
  public BatchEncoder(
      Network network,
      int threads,
      int batchSize,
      Duration maxDelay,
      EncoderMetrics metrics,
      Component component) {
    this.network = network;
    this.batchSize = batchSize;
    this.maxDelayNanos = maxDelay.toNanos();
    this.metrics = metrics;
    this.component = component;
    for (int i = 0; i < threads; i++) {
      this.threads.add(
          Thread.ofPlatform().daemon().name("mekiki-encoder-batch-" + i).start(this::run));
    }
  }

  /// Announces that an image of the stream is being prepared: batches may wait for it. Each call is
  /// followed by one of {@link #arrive} or {@link #stayAway}.
  public void expect() {
    lock.lock();
    try {
      expected++;
    } finally {
      lock.unlock();
    }
  }

  /// An announced image of the stream.
  ///
  /// @return fails with {@link ImageDefectException}, or is cancelled when this is closed
  public CompletableFuture<EncodedImage> arrive(PreparedImage image) {
    return add(image, false);
  }

  /// Withdraws an announced image.
  public void stayAway() {
    lock.lock();
    try {
      expected--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A query image.
  ///
  /// @return fails with {@link ImageDefectException} or {@link NetworkUnavailableException}, or is
  ///   cancelled when this is closed
  public CompletableFuture<EncodedImage> query(PreparedImage image) {
    return add(image, true);
  }

  private CompletableFuture<EncodedImage> add(PreparedImage image, boolean query) {
    Waiting waiting = new Waiting(image, query, System.nanoTime(), new CompletableFuture<>());
    lock.lock();
    try {
      if (!query) {
        expected--;
      }
      if (closed) {
        waiting.cancel();
      } else {
        (query ? queries : stream).add(waiting);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    return waiting.encoded;
  }

  private void run() {
    try {
      for (List<Waiting> batch = next(); batch != null; batch = next()) {
        encode(batch);
        done();
      }
    } catch (ComponentFailedException e) {
      // Its owner has reported it and ends the service.
      cancelAll();
    } catch (InterruptedException | RuntimeException | Error e) {
      component.died(e);
      cancelAll();
    }
  }

  private void encode(List<Waiting> batch) throws InterruptedException {
    metrics.batchSize.record(batch.size());
    try {
      complete(batch);
    } catch (RuntimeException | Error e) {
      Throwable reason = networkFailure();
      if (reason != null) {
        waitForNetwork(batch, reason);
      } else if (batch.size() == 1) {
        encodeSuspect(batch.getFirst());
      } else {
        for (Waiting waiting : batch) {
          encode(List.of(waiting));
        }
      }
    }
  }

  /// Encodes an image once more that failed alone: the network may have failed, and work again.
  private void encodeSuspect(Waiting suspect) throws InterruptedException {
    try {
      complete(List.of(suspect));
    } catch (RuntimeException | Error e) {
      Throwable reason = networkFailure();
      if (reason == null) {
        suspect.encoded.completeExceptionally(new ImageDefectException(e));
      } else {
        waitForNetwork(List.of(suspect), reason);
      }
    }
  }

  private void waitForNetwork(List<Waiting> batch, Throwable reason) throws InterruptedException {
    putBack(batch, reason);
    component.pause(component.failed(reason));
  }

  private void complete(List<Waiting> batch) {
    long start = System.nanoTime();
    List<EncodedImage> encoded = network.encode(batch.stream().map(Waiting::image).toList());
    metrics.encode.record(Duration.ofNanos(System.nanoTime() - start));
    component.progressed();
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).encoded.complete(encoded.get(i));
    }
  }

  /// Why the network fails on a blank image; null where it does not.
  private @Nullable Throwable networkFailure() {
    try {
      network.check();
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  private void putBack(List<Waiting> batch, Throwable reason) {
    lock.lock();
    try {
      for (Waiting waiting : batch.reversed()) {
        if (closed) {
          waiting.cancel();
        } else if (!waiting.query) {
          stream.addFirst(waiting);
        }
      }
    } finally {
      lock.unlock();
    }
    batch.stream()
        .filter(Waiting::query)
        .forEach(waiting ->
            waiting.encoded.completeExceptionally(new NetworkUnavailableException(reason)));
  }

  private void done() {
    lock.lock();
    try {
      busy--;
      component.workWaits(busy > 0 || !queries.isEmpty() || !stream.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /// The next batch; null when closed.
  private @Nullable List<Waiting> next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        if (!queries.isEmpty() || stream.size() >= batchSize) {
          return taken();
        }
        if (stream.isEmpty()) {
          changed.await();
          continue;
        }
        long left = stream.element().since + maxDelayNanos - System.nanoTime();
        if (expected == 0 || left <= 0) {
          return taken();
        }
        long _ = changed.awaitNanos(left);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting> taken() {
    busy++;
    component.workWaits(true);
    List<Waiting> batch = new ArrayList<>(batchSize);
    for (Deque<Waiting> queue : List.of(queries, stream)) {
      while (batch.size() < batchSize && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
    }
    return batch;
  }

  /// Ends the threads after their current batches; images that still wait are cancelled.
  @Override
  public void close() {
    component.close();
    cancelAll();
    threads.forEach(Threads::join);
  }

  private void cancelAll() {
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
    left.forEach(Waiting::cancel);
  }

  /// An image and the future of its codes.
  private record Waiting(
      PreparedImage image, boolean query, long since, CompletableFuture<EncodedImage> encoded) {
    void cancel() {
      encoded.completeExceptionally(new CancellationException("encoder closed"));
    }
  }
}
