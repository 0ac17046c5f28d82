package dev.mekiki.encoder.record;

/// Why a record on `images` became no code.
///
/// @param reason one of a fixed set, for counting
/// @param message the input, the limit and what would be accepted; fit for whoever sent the image
public record DeadLetter(Reason reason, String message) {
  /// Kinds of bad input.
  public enum Reason {
    /// The key is no image id.
    BAD_ID,
    /// A header that cannot be kept as metadata, or too much of them.
    BAD_METADATA,
    /// The image is held elsewhere.
    REFERENCE,
    /// A CloudEvent in structured mode.
    STRUCTURED_EVENT,
    /// No bytes.
    EMPTY,
    /// More bytes than allowed.
    TOO_MANY_BYTES,
    /// More pixels than allowed.
    TOO_MANY_PIXELS,
    /// No image format that is known here.
    UNKNOWN_FORMAT,
    /// A known format, cut short or damaged.
    UNDECODABLE,
    /// A defect of ours that only this image brings out.
    ENCODER_DEFECT
  }

  /// What becomes of the image that the same id named before.
  public DeadLetter keepingPreviousVersion() {
    return new DeadLetter(reason, message + "; the previous version, if any, stays indexed");
  }
}
