package dev.mekiki.query.api;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.schemas.image.ExpireTime;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.v1.SearchRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks requests against the limits of the service. Every refusal is INVALID_ARGUMENT and names
/// the input, the limit and, where it is not obvious, the remedy.
///
/// @param maxHits most hits of a search
/// @param maxImageBytes most bytes of an image
/// @param tenantHeader the header that names whose image a record is
record RequestCheck(int maxHits, int maxImageBytes, String tenantHeader) {
  /// k where a request has neither k nor radius.
  static final int DEFAULT_K = 10;

  /// Most hits that are described, each with {@link TopicSpec#METADATA_BYTES} of metadata at most.
  private static final int MAX_DESCRIBED = 100;

  /// How far a search goes and how much it returns.
  ///
  /// @param radius largest code distance of a hit, 0 to q
  /// @param k most hits to return
  /// @param everything true where the request has a radius and no `k`: it asks for all hits within
  ///   the radius, and `k` is the service's own limit
  record SearchLimits(int radius, int k, boolean everything) {}

  /// Checks everything of a search request but what it searches for.
  ///
  /// @param bits q of the active generation
  SearchLimits limits(SearchRequest request, int bits) {
    if (request.hasK() && (request.getK() < 1 || request.getK() > maxHits)) {
      throw ApiException.invalid(
          "k: %d (expected: 1..%d; leave it out for %d, or for all within a radius)"
              .formatted(request.getK(), maxHits, DEFAULT_K));
    }
    if (request.hasRadius() && (request.getRadius() < 0 || request.getRadius() > bits)) {
      throw ApiException.invalid(
          "radius: %d (expected: 0..%d, the bits of a hash code; leave it out for any distance)"
              .formatted(request.getRadius(), bits));
    }
    filter(request.getFilterMap());
    boolean everything = request.hasRadius() && !request.hasK();
    int k = everything ? maxHits : request.hasK() ? request.getK() : Math.min(DEFAULT_K, maxHits);
    if (request.getDescribe() && k > MAX_DESCRIBED) {
      throw ApiException.invalid(
          "describe: with k %d (expected: k of 1..%d, or no describe)".formatted(k, MAX_DESCRIBED));
    }
    return new SearchLimits(request.hasRadius() ? request.getRadius() : bits, k, everything);
  }

  ImageId id(String id) {
    try {
      return new ImageId(id);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /// Checks the size of an image.
  void imageBytes(int bytes) {
    if (bytes == 0 || bytes > maxImageBytes) {
      throw ApiException.invalid(
          "image: %d bytes (expected: 1..%d; a smaller copy of it has the same codes, or raise"
                  .formatted(bytes, maxImageBytes)
              + " mekiki.images.max-bytes in every service)");
    }
  }

  /// The size alone. The index instances check the keys, which only they know.
  static void filter(Map<String, String> filter) {
    long bytes = bytes(filter);
    if (bytes > TopicSpec.METADATA_BYTES) {
      throw ApiException.invalid(
          "filter: %d bytes (expected: at most %d, keys and values together, the limit of metadata)"
              .formatted(bytes, TopicSpec.METADATA_BYTES));
    }
  }

  Map<String, String> metadata(Map<String, String> metadata) {
    for (String name : metadata.keySet()) {
      if (name.isEmpty() || isReserved(name)) {
        throw ApiException.invalid(
            "metadata name: '%s' (expected: a name other than '', %s, %s, %s... and %s...)"
                .formatted(
                    BoundedText.quote(name),
                    tenantHeader,
                    ImageHeaders.CONTENT_TYPE,
                    ImageHeaders.CLOUD_EVENT_PREFIX,
                    ImageHeaders.OWN_PREFIX));
      }
    }
    long bytes = bytes(metadata);
    if (bytes > TopicSpec.METADATA_BYTES) {
      throw ApiException.invalid(
          "metadata: %d bytes (expected: at most %d, names and values together)"
              .formatted(bytes, TopicSpec.METADATA_BYTES));
    }
    return metadata;
  }

  /// A time in milliseconds since 1970.
  ///
  /// @param what it is, for the message
  static long millis(String what, Timestamp time) {
    if (!Timestamps.isValid(time)) {
      throw ApiException.invalid(
          "%s: %d s, %d ns (expected: a time in years 1 to 9999)"
              .formatted(what, time.getSeconds(), time.getNanos()));
    }
    return Timestamps.toMillis(time);
  }

  /// Checks when an image that is sent now expires.
  ///
  /// @param expires milliseconds since 1970; null: never
  /// @param now milliseconds since 1970
  static @Nullable Long expires(@Nullable Long expires, long now) {
    try {
      return expires == null ? null : ExpireTime.checkedAfter("expires", expires, now);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static long bytes(Map<String, String> texts) {
    long bytes = 0;
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }

  private boolean isReserved(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return name.equalsIgnoreCase(tenantHeader)
        || lower.equals(ImageHeaders.CONTENT_TYPE)
        || lower.startsWith(ImageHeaders.CLOUD_EVENT_PREFIX)
        || lower.startsWith(ImageHeaders.OWN_PREFIX);
  }

  static HashCode code(String code, int bits) {
    int digits = bits / 4;
    if (code.length() != digits || !code.chars().allMatch(RequestCheck::isHexDigit)) {
      throw ApiException.invalid(
          "code: '%s', %d characters (expected: %d hexadecimal digits, the %d bits of a hash code)"
              .formatted(BoundedText.quote(code), code.length(), digits, bits));
    }
    return HashCode.fromHex(code);
  }

  private static boolean isHexDigit(int c) {
    return Character.digit(c, 16) >= 0 && c < 128;
  }
}
