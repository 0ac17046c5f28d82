package dev.mekiki.encoding;

import dev.mekiki.encoding.network.PyTorch;

/// How an {@link ImageEncoder} runs. None of it changes the codes.
///
/// @param device `auto` (the first GPU, else the CPU), `cpu` or `gpu:N`
/// @param predictors threads that run the network, each with one PyTorch thread; at least 1
/// @param maxBytes largest accepted image file in bytes, inclusive
/// @param maxPixels largest accepted width x height, inclusive
/// @param thumbnailSide longest side of thumbnails in pixels; 0 makes none
public record EncoderSettings(
    String device, int predictors, int maxBytes, long maxPixels, int thumbnailSide) {
  public EncoderSettings {
    PyTorch.requireDeviceName(device);
    requireAtLeast("predictors", predictors, 1);
    requireAtLeast("max-bytes", maxBytes, 1);
    requireAtLeast("max-pixels", maxPixels, 1);
    requireAtLeast("thumbnail-side", thumbnailSide, 0);
  }

  /// On the CPU or GPU found, one predictor, 16 MiB, 100 megapixels, thumbnails of 192 px.
  public static EncoderSettings defaults() {
    return new EncoderSettings("auto", 1, 16 << 20, 100_000_000, 192);
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException("%s: %d (expected: >= %d)".formatted(name, value, least));
    }
  }
}
