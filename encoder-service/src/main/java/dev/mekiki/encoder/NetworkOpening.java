package dev.mekiki.encoder;

import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads and warms the network while the rest of the service starts: it takes as long as all else.
final class NetworkOpening implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NetworkOpening.class);

  private final CompletableFuture<ImageEncoder> opening;

  private NetworkOpening(CompletableFuture<ImageEncoder> opening) {
    this.opening = opening;
  }

  /// The bundle in a file, or the built-in one.
  ///
  /// @throws StartException where it cannot be used
  static Bundle bundle(Optional<Path> file) {
    if (file.isEmpty()) {
      return Bundle.builtIn();
    }
    try {
      return Bundle.read(file.get());
    } catch (BundleException e) {
      throw new StartException("mekiki.encoder.bundle: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartException(
          "mekiki.encoder.bundle: '%s' cannot be read: %s (expected: a bundle file)"
              .formatted(file.get(), e),
          e);
    }
  }

  static NetworkOpening start(Bundle bundle, EncoderConfig config, PictureDecoder decoder) {
    return new NetworkOpening(CompletableFuture.supplyAsync(() -> open(bundle, config, decoder)));
  }

  private static ImageEncoder open(Bundle bundle, EncoderConfig config, PictureDecoder decoder) {
    try {
      return ImageEncoder.open(
          bundle,
          new EncoderSettings(
              config.encoder().device(),
              config.encoder().predictors(),
              config.images().maxBytes(),
              config.images().maxPixels(),
              config.encoder().thumbnailSide()),
          decoder);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "mekiki.encoder.bundle: %s: %s".formatted(bundle.source(), e.getMessage()), e);
    } catch (IllegalStateException e) {
      throw new StartException(
          "mekiki.encoder.device: '%s': %s"
              .formatted(config.encoder().device(), String.valueOf(e.getMessage())),
          e);
    }
  }

  /// The encoder with its network loaded and warm.
  ///
  /// @throws StartException where the engine cannot run the bundle, or not on this device
  ImageEncoder await() {
    try {
      return opening.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StartException start) {
        throw start;
      }
      throw e;
    }
  }

  /// Waits for the end of loading, and releases the network.
  @Override
  public void close() {
    try {
      opening.join().close();
    } catch (CompletionException e) {
      log.debug("There is no network to close", e);
    }
  }
}
