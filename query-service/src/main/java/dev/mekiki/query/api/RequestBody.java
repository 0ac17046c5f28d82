package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.multipart.AggregatedBodyPart;
import com.linecorp.armeria.common.multipart.AggregatedMultipart;
import com.linecorp.armeria.common.multipart.Multipart;
import dev.mekiki.schemas.text.BoundedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What the body of a request holds. Clients often give a body the wrong type (`curl --data-binary`
/// says that everything is a form), so the bytes decide: whatever begins like an image is one.
sealed interface RequestBody {
  /// What a body may be, for messages.
  String EXPECTED =
      "expected: an image (JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC), a JSON object, or a multipart form with one"
          + " file";

  /// An image.
  ///
  /// @param bytes not copied, not to be changed
  /// @param contentType its media type, or null where it is not known
  /// @param fields the other fields of the form that the image came in
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Image(byte[] bytes, @Nullable String contentType, Map<String, String> fields)
      implements RequestBody {}

  /// A JSON object, not parsed yet.
  ///
  /// @param bytes UTF-8
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record JsonObject(byte[] bytes) implements RequestBody {}

  /// Reads the whole body.
  ///
  /// @return fails with an {@link ApiException} where the body is none of these
  static CompletableFuture<RequestBody> read(HttpRequest request) {
    MediaType type = request.contentType();
    if (type != null && type.type().equals("multipart")) {
      return multipart(request).thenApply(RequestBody::ofForm);
    }
    return request.aggregate().thenApply(whole -> of(whole.content().array(), type));
  }

  private static RequestBody of(byte[] bytes, @Nullable MediaType type) {
    if (bytes.length == 0) {
      throw ApiException.invalid("body: empty (" + EXPECTED + ")");
    }
    @Nullable ImageType found = ImageType.of(bytes).orElse(null);
    if (found == null && (isJson(type) || (!isImage(type) && isObject(bytes)))) {
      return new JsonObject(bytes);
    }
    if (found == null && type != null && !isImage(type) && !type.is(MediaType.OCTET_STREAM)) {
      throw ApiException.invalid(
          "body: %d bytes of type '%s' that are no image (%s)"
              .formatted(bytes.length, BoundedText.quote(type.nameWithoutParameters()), EXPECTED));
    }
    return new Image(bytes, contentType(found, type), Map.of());
  }

  private static CompletableFuture<AggregatedMultipart> multipart(HttpRequest request) {
    try {
      return Multipart.from(request).aggregate();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw ApiException.invalid(
          "body: not a multipart form: %s (%s)".formatted(BoundedText.message(e), EXPECTED));
    }
  }

  private static RequestBody ofForm(AggregatedMultipart form) {
    List<AggregatedBodyPart> files = new ArrayList<>();
    Map<String, String> fields = new TreeMap<>();
    for (AggregatedBodyPart part : form.bodyParts()) {
      if (part.filename() != null
          || isImage(part.contentType())
          || ImageType.of(part.content().array()).isPresent()) {
        files.add(part);
      } else if (fields.put(String.valueOf(part.name()), part.contentUtf8()) != null) {
        throw ApiException.invalid(
            "form: field '%s' given twice (expected: once)"
                .formatted(BoundedText.quote(part.name())));
      }
    }
    if (files.size() != 1) {
      throw ApiException.invalid(
          "form: %d files (expected: one, such as curl -F file=@picture.jpg sends)"
              .formatted(files.size()));
    }
    AggregatedBodyPart file = files.getFirst();
    byte[] bytes = file.content().array();
    return new Image(
        bytes, contentType(ImageType.of(bytes).orElse(null), file.contentType()), fields);
  }

  private static @Nullable String contentType(
      @Nullable ImageType found, @Nullable MediaType declared) {
    if (found != null && !isImage(declared)) {
      return found.mediaType();
    }
    return declared == null ? null : declared.toString();
  }

  private static boolean isImage(@Nullable MediaType type) {
    return type != null && type.type().equals("image");
  }

  private static boolean isJson(@Nullable MediaType type) {
    return type != null && type.isJson();
  }

  private static boolean isObject(byte[] bytes) {
    for (byte b : bytes) {
      if (!Character.isWhitespace(b)) {
        return b == '{';
      }
    }
    return false;
  }
}
