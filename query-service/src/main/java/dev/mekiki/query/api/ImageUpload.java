package dev.mekiki.query.api;

import dev.mekiki.schemas.v1.PutImageRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image as a user sends it, not checked yet.
///
/// @param bytes not copied, not to be changed
/// @param contentType media type, or null where it is not known
/// @param metadata names and values
/// @param muted index without events where this image is the later one of a pair
/// @param expires from when on it is treated as deleted, milliseconds since 1970; null: never
/// @param tenant whose image it is, as the request says; null where it does not
/// @param source what it comes from; empty where it is not said
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record ImageUpload(
    byte[] bytes,
    @Nullable String contentType,
    Map<String, String> metadata,
    boolean muted,
    @Nullable Long expires,
    @Nullable String tenant,
    String source) {

  static ImageUpload of(PutImageRequest request) {
    return new ImageUpload(
        request.getImage().toByteArray(),
        null,
        request.getMetadataMap(),
        request.getMuteMatches(),
        request.hasExpires() ? RequestCheck.millis("expires", request.getExpires()) : null,
        request.hasTenant() ? request.getTenant() : null,
        request.getSource());
  }
}
