package dev.mekiki.encoder.record;

import dev.mekiki.hashing.match.Origin;
import dev.mekiki.schemas.image.ImageId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a record on `images` says.
public sealed interface Arrival {
  /// An image to be encoded.
  ///
  /// @param id its id
  /// @param bytes its file, not copied
  /// @param contentType what the sender says it is, or empty
  /// @param metadata all headers without a meaning of their own
  /// @param mute index it without events
  /// @param origin whose it is, and what it comes from
  /// @param expires from when on it is treated as deleted, milliseconds since 1970, after the
  ///   record's timestamp; null where its sender did not say
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Image(
      ImageId id,
      byte[] bytes,
      String contentType,
      Map<String, String> metadata,
      boolean mute,
      Origin origin,
      @Nullable Long expires)
      implements Arrival {}

  /// An image that is held elsewhere and is to be fetched.
  ///
  /// @param id its id
  /// @param uri where it lies, as the sender says
  /// @param contentType what the sender says it is, or empty
  /// @param metadata all headers without a meaning of their own
  /// @param mute index it without events
  /// @param origin whose it is, and what it comes from
  /// @param expires as of an image
  record Reference(
      ImageId id,
      String uri,
      String contentType,
      Map<String, String> metadata,
      boolean mute,
      Origin origin,
      @Nullable Long expires)
      implements Arrival {
    /// The image, when it is here.
    ///
    /// @param bytes its file, not copied
    public Image fetched(byte[] bytes) {
      return new Image(id, bytes, contentType, metadata, mute, origin, expires);
    }
  }

  /// An image to be forgotten.
  ///
  /// @param id its id
  record Deletion(ImageId id) implements Arrival {}

  /// A record that can be neither.
  ///
  /// @param deadLetter why
  record Refused(DeadLetter deadLetter) implements Arrival {}
}
