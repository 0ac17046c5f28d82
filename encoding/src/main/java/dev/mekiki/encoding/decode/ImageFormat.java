package dev.mekiki.encoding.decode;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The formats that are decoded, recognised by a file's first bytes alone: names and declared
/// content types are often wrong.
public enum ImageFormat {
  JPEG("image/jpeg", "jpeg"),
  PNG("image/png", "png"),
  WEBP("image/webp", "webp"),
  GIF("image/gif", "gif"),
  BMP("image/bmp", "bmp"),
  TIFF("image/tiff", "tiff");

  /// All of them, for messages.
  public static final String ALL = "JPEG, PNG, WebP, GIF, BMP or TIFF";

  private final String contentType;
  private final String reader;

  ImageFormat(String contentType, String reader) {
    this.contentType = contentType;
    this.reader = reader;
  }

  public String contentType() {
    return contentType;
  }

  /// Name of the ImageIO readers for this format.
  String reader() {
    return reader;
  }

  /// The format of a file, or empty where its first bytes are none of these formats'.
  public static Optional<ImageFormat> of(byte[] bytes) {
    if (startsWith(bytes, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (startsWith(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) {
      return Optional.of(WEBP);
    }
    if (startsWith(bytes, 0, "GIF87a") || startsWith(bytes, 0, "GIF89a")) {
      return Optional.of(GIF);
    }
    // Two letters are little to go by; the two reserved words that follow the size are always 0.
    if (startsWith(bytes, 0, "BM") && startsWith(bytes, 6, "\0\0\0\0")) {
      return Optional.of(BMP);
    }
    if (startsWith(bytes, 0, "II*\0") || startsWith(bytes, 0, "MM\0*")) {
      return Optional.of(TIFF);
    }
    return Optional.empty();
  }

  /// Whether bytes hold the given characters of ISO 8859-1 at an offset.
  static boolean startsWith(byte[] bytes, int offset, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[offset + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
