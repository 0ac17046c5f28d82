package dev.mekiki.encoder.record;

import dev.mekiki.schemas.text.BoundedText;

/// Why a record on `images` became no code.
///
/// @param reason one of a fixed set, for counting
/// @param message the input, the limit and what would be accepted; bounded by {@link
///   BoundedText#MESSAGE_LENGTH} and fit for the sender of the image
public record DeadLetter(Reason reason, String message) {
  public DeadLetter {
    message = BoundedText.message(message);
  }

  /// Kinds of bad input.
  public enum Reason {
    /// The key is no image id.
    BAD_ID,
    /// A header that cannot be kept as metadata, or too much of them.
    BAD_METADATA,
    /// The timestamp is negative or beyond the year 9999.
    BAD_TIMESTAMP,
    /// The image is held elsewhere, and may not be fetched from there.
    REFERENCE_REFUSED,
    /// The image is held elsewhere, and could not be fetched.
    REFERENCE_UNAVAILABLE,
    /// A CloudEvent in structured mode.
    STRUCTURED_EVENT,
    /// No bytes.
    EMPTY,
    /// More bytes than allowed.
    TOO_MANY_BYTES,
    /// More pixels than allowed.
    TOO_MANY_PIXELS,
    /// Not a supported image format.
    UNKNOWN_FORMAT,
    /// A supported format, but cut short or damaged.
    UNDECODABLE,
    /// Decoding took longer than the limit and was ended.
    DECODING_TIMED_OUT,
    /// The process that decoded it ended.
    DECODER_CRASHED,
    /// Decoding failed for want of memory, although nothing else was decoded at the time.
    OUT_OF_MEMORY,
    /// Kafka refused the record of its codes, for example because it is too large for the topic.
    CODE_REFUSED,
    /// A defect of the encoder that only this image causes.
    ENCODER_DEFECT
  }

  /// The same, with a note that an earlier version of the image is still indexed.
  public DeadLetter keepingPreviousVersion() {
    String note = "; the previous version, if any, stays indexed";
    return message.endsWith(note) ? this : new DeadLetter(reason, message + note);
  }
}
