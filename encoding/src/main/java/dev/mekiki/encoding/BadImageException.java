package dev.mekiki.encoding;

/// An image that cannot be encoded, now or ever again: its bytes are at fault, not the service. Its
/// message names the input, the limit and, where there is one, the remedy; it is fit to be shown to
/// whoever sent the image.
public final class BadImageException extends Exception {
  private final Reason reason;

  public BadImageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public BadImageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /// The kind of fault, stable enough to count by.
  public Reason reason() {
    return reason;
  }

  /// Why an image is refused.
  public enum Reason {
    /// No bytes at all.
    EMPTY,
    /// More bytes than {@link EncoderSettings#maxBytes()}.
    TOO_MANY_BYTES,
    /// More pixels than {@link EncoderSettings#maxPixels()}, by its header; nothing was decoded.
    TOO_MANY_PIXELS,
    /// Not JPEG, PNG, WebP, GIF or BMP by its first bytes, whatever its name says.
    UNKNOWN_FORMAT,
    /// One of these formats, but cut short or damaged.
    UNDECODABLE
  }
}
