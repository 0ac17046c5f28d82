package dev.mekiki.encoder.landmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.PictureDecoder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the landmarks of query images. Thread-safe.
public final class QueryLandmarks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueryLandmarks.class);

  private final Detectors detectors;

  /// @param decoder decodes images, within its limits
  public QueryLandmarks(PictureDecoder decoder) {
    detectors = new Detectors(decoder);
  }

  /// The landmarks that an image looks for in others; empty where they cannot be found now. The
  /// search goes on without, and says so.
  public Optional<ByteString> sought(byte[] file) {
    try {
      return Optional.of(
          UnsafeByteOperations.unsafeWrap(detectors.detect(file).landmarks().sought().toBytes()));
    } catch (BadImageException | RuntimeException | OutOfMemoryError e) {
      log.warn("Landmarks of a query image could not be found bytes={}", file.length, e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    detectors.close();
  }
}
