package dev.mekiki.encoder.landmarks;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.encoding.landmark.LandmarkDetector;
import dev.mekiki.hashing.turned.SoughtFingerprints;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Finds landmarks in image files, and what fingerprints are sought of them, with as many detectors
/// as threads use at once: each holds native memory. Thread-safe.
public final class Detectors implements AutoCloseable {
  private final PictureDecoder decoder;
  private final Queue<LandmarkDetector> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /// @param decoder decodes images, within its limits
  public Detectors(PictureDecoder decoder) {
    this.decoder = decoder;
  }

  /// What is stored and looked for of an image.
  public record Detected(LandmarkDetector.Found landmarks, SoughtFingerprints fingerprints) {}

  /// The landmarks and fingerprints of an image.
  ///
  /// @throws BadImageException where it cannot be decoded
  public Detected detect(byte[] file) throws BadImageException {
    LandmarkDetector free = idle.poll();
    LandmarkDetector detector = free == null ? new LandmarkDetector() : free;
    try (DecodedImage image = decoder.decode(file)) {
      return new Detected(
          detector.detect(image.luma()),
          SoughtFingerprints.of(image.luminance(), image.luma().cols(), image.luma().rows()));
    } finally {
      idle.add(detector);
      if (closed) {
        releaseIdle();
      }
    }
  }

  /// Releases native memory; that of detectors in use, when they are done.
  @Override
  public void close() {
    closed = true;
    releaseIdle();
  }

  private void releaseIdle() {
    for (LandmarkDetector unused = idle.poll(); unused != null; unused = idle.poll()) {
      unused.close();
    }
  }
}
