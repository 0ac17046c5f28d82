package dev.mekiki.encoding.decode;

import dev.mekiki.encoding.decode.BadImageException.Reason;

/// What a decoder accepts.
///
/// @param maxBytes largest file, inclusive; at least 1
/// @param maxPixels largest width x height, inclusive; at least 1
/// @param partialImages whether a JPEG that is cut short is decoded as far as it goes
public record DecodeLimits(int maxBytes, long maxPixels, boolean partialImages) {
  public DecodeLimits {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("max-bytes: %d (expected: >= 1)".formatted(maxBytes));
    }
    if (maxPixels < 1) {
      throw new IllegalArgumentException("max-pixels: %d (expected: >= 1)".formatted(maxPixels));
    }
  }

  /// Limits under which files that are cut short are refused.
  public DecodeLimits(int maxBytes, long maxPixels) {
    this(maxBytes, maxPixels, false);
  }

  /// Refuses a file by its length alone.
  ///
  /// @throws BadImageException where it is empty or too large
  public void checkLength(byte[] bytes) throws BadImageException {
    if (bytes.length == 0) {
      throw new BadImageException(Reason.EMPTY, "image: 0 bytes (expected: an image file)");
    }
    if (bytes.length > maxBytes) {
      throw new BadImageException(
          Reason.TOO_MANY_BYTES,
          "image: %d bytes (expected: at most %d; raise max-bytes or send a smaller file)"
              .formatted(bytes.length, maxBytes));
    }
  }

  /// Refuses a picture by the size that its header says.
  ///
  /// @throws BadImageException where it has too many pixels
  void checkPixels(int width, int height) throws BadImageException {
    if ((long) width * height > maxPixels) {
      throw new BadImageException(
          Reason.TOO_MANY_PIXELS,
          "image: %d x %d = %d pixels (expected: at most %d; raise max-pixels or shrink it)"
              .formatted(width, height, (long) width * height, maxPixels));
    }
  }

  /// Refuses a picture by the pixels that must be decoded for it.
  ///
  /// @throws BadImageException where there are too many
  void checkPixels(long pixels) throws BadImageException {
    if (pixels > maxPixels) {
      throw new BadImageException(
          Reason.TOO_MANY_PIXELS,
          "image: %d pixels to decode (expected: at most %d; raise max-pixels or shrink it)"
              .formatted(pixels, maxPixels));
    }
  }
}
