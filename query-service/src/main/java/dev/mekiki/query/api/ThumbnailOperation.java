package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.query.thumbnails.Thumbnail;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import io.grpc.Status;
import java.util.HexFormat;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The thumbnails of images, alone. Thread-safe; it blocks.
final class ThumbnailOperation {
  private final Backend backend;
  private final RequestCheck check;
  private final TenantRules tenants;

  /// @param tenants what each caller may see
  ThumbnailOperation(Backend backend, RequestCheck check, TenantRules tenants) {
    this.backend = backend;
    this.check = check;
    this.tenants = tenants;
  }

  /// A thumbnail.
  ///
  /// @param tag another one for other bytes: letters, digits and `-`
  /// @param jpeg its bytes; null where the caller has them
  record Picture(String tag, @Nullable ByteString jpeg) {}

  /// The thumbnail of an image. Kafka is not asked for one that the caller has.
  ///
  /// @param isKnown whether the caller has that of a tag
  /// @throws ApiException NOT_FOUND for an unknown id, and where there is none; UNAVAILABLE where
  ///   nobody who could know answers in time
  Picture get(Caller caller, String id, Predicate<String> isKnown) throws InterruptedException {
    ImageId imageId = check.id(id);
    GenerationGeometry generation = backend.generation();
    ImageCode code =
        backend.placedImage(generation, imageId, tenants.seen(caller)).image().getCode();
    @Nullable String tag = tag(code);
    if (tag != null && isKnown.test(tag)) {
      return new Picture(tag, null);
    }
    Thumbnail found = backend.thumbnails().find(imageId, generation.network(), code);
    if (tag != null && found instanceof Thumbnail.Found(ByteString jpeg)) {
      return new Picture(tag, jpeg);
    }
    throw switch (found) {
      case Thumbnail.Gone() ->
          new ApiException(
              Status.Code.NOT_FOUND,
              "id: '%s': its thumbnail is gone (expected: one whose record Kafka still holds; send"
                      .formatted(BoundedText.quote(id))
                  + " the image again to make it anew)");
      case Thumbnail.Unavailable _ ->
          ApiException.unavailable(
              "id: '%s': Kafka did not give its thumbnail in time (expected: brokers that answer; try"
                      .formatted(BoundedText.quote(id))
                  + " again)");
      case Thumbnail.None _, Thumbnail.Found _ ->
          new ApiException(
              Status.Code.NOT_FOUND,
              "id: '%s' has no thumbnail (expected: an image indexed with thumbnails switched on)"
                  .formatted(BoundedText.quote(id)));
    };
  }

  /// Made of the bytes of the image and the checksum of the thumbnail, which is made of them; null
  /// where there is none.
  private static @Nullable String tag(ImageCode code) {
    @Nullable ThumbnailCoordinate at =
        code.hasThumbnailAt()
            ? code.getThumbnailAt()
            // As an index instance of an earlier version has it.
            : code.getThumbnail().isEmpty() ? null : Thumbnails.at(0, 0, code.getThumbnail());
    HexFormat hex = HexFormat.of();
    return at == null
        ? null
        : hex.formatHex(code.getSha256().toByteArray()) + "-" + hex.toHexDigits(at.getCrc32C());
  }
}
