package dev.mekiki.query.thumbnails;

import com.google.protobuf.ByteString;

/// What came of reading a thumbnail.
public sealed interface Thumbnail {
  /// The thumbnail that was written with the code.
  ///
  /// @param jpeg its bytes
  record Found(ByteString jpeg) implements Thumbnail {}

  /// The code names none: the image was indexed with thumbnails switched off.
  record None() implements Thumbnail {}

  /// Kafka answers, and does not hold it any more. A newer version of the image has taken its
  /// place, or the topic was deleted.
  record Gone() implements Thumbnail {}

  /// Kafka did not answer in time; the thumbnail may well be there.
  ///
  /// @param reason what was tried
  record Unavailable(String reason) implements Thumbnail {}
}
