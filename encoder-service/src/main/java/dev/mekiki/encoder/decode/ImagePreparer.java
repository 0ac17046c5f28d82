package dev.mekiki.encoder.decode;

import dev.mekiki.encoder.metrics.EncoderMetrics;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.decode.BadImageException;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decodes images on many threads, of the stream and of queries. An image for which memory does not
/// suffice is decoded once more while no other is. Thread-safe.
public final class ImagePreparer {
  private static final Logger log = LoggerFactory.getLogger(ImagePreparer.class);

  private final Step step;
  private final EncoderMetrics metrics;
  // Decoders share it; the one that needs all memory has it alone. Fair, so that it gets its turn.
  private final ReadWriteLock memory = new ReentrantReadWriteLock(true);

  /// What is done with an image's bytes.
  @FunctionalInterface
  interface Step {
    PreparedImage prepare(byte[] bytes) throws BadImageException;
  }

  public ImagePreparer(ImageEncoder encoder, EncoderMetrics metrics) {
    this(encoder::prepare, metrics);
  }

  ImagePreparer(Step step, EncoderMetrics metrics) {
    this.step = step;
    this.metrics = metrics;
  }

  /// See {@link ImageEncoder#prepare}.
  ///
  /// @throws BadImageException where these bytes can never be encoded under these settings
  /// @throws OutOfMemoryError where memory does not suffice even for this image alone
  public PreparedImage prepare(byte[] bytes) throws BadImageException {
    long start = System.nanoTime();
    try {
      return prepare(bytes, memory.readLock());
    } catch (OutOfMemoryError e) {
      log.warn(
          "Memory does not suffice to decode images at the same time, this one is decoded alone"
              + " bytes={} reason={}",
          bytes.length,
          e.getMessage());
      return prepare(bytes, memory.writeLock());
    } finally {
      metrics.prepare.record(Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private PreparedImage prepare(byte[] bytes, Lock lock) throws BadImageException {
    lock.lock();
    try {
      return step.prepare(bytes);
    } finally {
      lock.unlock();
    }
  }
}
