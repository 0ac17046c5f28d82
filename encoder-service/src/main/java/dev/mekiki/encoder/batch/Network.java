package dev.mekiki.encoder.batch;

import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import java.util.List;

/// What batches are made for. Thread-safe.
public interface Network {
  /// The codes of prepared images, in their order.
  List<EncodedImage> encode(List<PreparedImage> batch);

  /// Runs a blank image, to distinguish a failing network from an image that makes it fail.
  ///
  /// @throws RuntimeException where the network fails
  void check();

  /// The network of an encoder.
  static Network of(ImageEncoder encoder) {
    return new Network() {
      @Override
      public List<EncodedImage> encode(List<PreparedImage> batch) {
        return encoder.encode(batch);
      }

      @Override
      public void check() {
        encoder.checkNetwork();
      }
    };
  }
}
