package dev.mekiki.encoding;

import dev.mekiki.encoding.bundle.Bundle;
import java.util.List;

/// Turns image files into codes. Thread-safe: call {@link #prepare} from as many threads as there
/// are cores, and {@link #encode} from any.
///
/// The same bytes always give the same fingerprint. Hash and instance codes come out of floating
/// point sums whose order depends on the batch, so a bit whose output is all but 0 may differ
/// between two calls: compare `sha256`, never codes, to learn whether an image has changed.
@SuppressWarnings("DoNotCallSuggester") // until the network is here
public final class ImageEncoder implements AutoCloseable {
  private final Bundle bundle;

  private ImageEncoder(Bundle bundle) {
    this.bundle = bundle;
  }

  /// An encoder with its network loaded and warm.
  ///
  /// @throws IllegalStateException where the device asked for is not there
  public static ImageEncoder open(Bundle bundle, EncoderSettings settings) {
    return new ImageEncoder(bundle);
  }

  /// Everything that needs no network: SHA-256, limits, decoding, fingerprint, thumbnail and the
  /// network's input. Work for one core.
  ///
  /// @param bytes an image file; neither kept nor changed
  /// @throws BadImageException where these bytes can never be encoded under these settings
  public PreparedImage prepare(byte[] bytes) throws BadImageException {
    throw new UnsupportedOperationException();
  }

  /// The codes of prepared images, in their order. Large lists are cut into batches of at most 32.
  public List<EncodedImage> encode(List<PreparedImage> batch) {
    throw new UnsupportedOperationException();
  }

  public Bundle bundle() {
    return bundle;
  }

  /// Ends the predictor threads and releases the network.
  @Override
  public void close() {}
}
