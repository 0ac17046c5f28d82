package dev.mekiki.query.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The formats that encoders read, recognised by how a file of each begins.
enum ImageType {
  JPEG("image/jpeg"),
  PNG("image/png"),
  WEBP("image/webp"),
  GIF("image/gif"),
  BMP("image/bmp"),
  TIFF("image/tiff");

  /// Sizes of the header that follows the 14 bytes of a BMP's file header, one for each version.
  private static final Set<Integer> BMP_HEADERS = Set.of(12, 40, 52, 56, 64, 108, 124);

  private final String mediaType;

  ImageType(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /// The format of these bytes, where they begin like one of the formats.
  static Optional<ImageType> of(byte[] bytes) {
    return Arrays.stream(values()).filter(type -> type.matches(bytes)).findFirst();
  }

  private boolean matches(byte[] bytes) {
    return switch (this) {
      case JPEG -> has(bytes, 0, 0xFF, 0xD8, 0xFF);
      case PNG -> has(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
      case WEBP -> has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP");
      case GIF -> has(bytes, 0, "GIF87a") || has(bytes, 0, "GIF89a");
      // Two letters alone may begin a text.
      case BMP ->
          has(bytes, 0, "BM")
              && bytes.length > 18
              && BMP_HEADERS.contains((int) bytes[14])
              && has(bytes, 15, 0, 0, 0);
      case TIFF -> has(bytes, 0, 'I', 'I', '*', 0) || has(bytes, 0, 'M', 'M', 0, '*');
    };
  }

  private static boolean has(byte[] bytes, int at, String expected) {
    byte[] ascii = expected.getBytes(StandardCharsets.US_ASCII);
    return bytes.length >= at + ascii.length
        && Arrays.equals(bytes, at, at + ascii.length, ascii, 0, ascii.length);
  }

  private static boolean has(byte[] bytes, int at, int... expected) {
    if (bytes.length < at + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[at + i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
