package dev.mekiki.encoding.decode;

/// An image that can never be encoded under the current limits: the fault is in its bytes, not in
/// the service. The message names the input, the limit and, if there is one, the remedy. It may be
/// shown to the sender of the image.
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
    /// More bytes than the decoder's limit.
    TOO_MANY_BYTES,
    /// More pixels than the decoder's limit, according to the file's header; nothing was decoded.
    TOO_MANY_PIXELS,
    /// None of {@link ImageFormat} by its first bytes, whatever its name says.
    UNKNOWN_FORMAT,
    /// One of these formats, but cut short or damaged.
    UNDECODABLE,
    /// Decoding took longer than the limit and was ended.
    DECODING_TIMED_OUT,
    /// The process that decoded it ended.
    DECODER_CRASHED
  }
}
