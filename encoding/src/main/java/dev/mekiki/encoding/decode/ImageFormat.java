package dev.mekiki.encoding.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// The formats that are decoded, recognised by a file's first bytes alone: names and declared
/// content types are often wrong.
public enum ImageFormat {
  JPEG("image/jpeg", "jpeg"),
  PNG("image/png", "png"),
  WEBP("image/webp", "webp"),
  GIF("image/gif", "gif"),
  BMP("image/bmp", "bmp"),
  TIFF("image/tiff", "tiff"),
  AVIF("image/avif", ""),
  HEIC("image/heic", "");

  /// All of them, for messages.
  public static final String ALL = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC";

  private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");
  private static final Set<String> HEIC_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs");

  /// Bytes of the box that holds the brands; real ones have a tenth of this.
  private static final int MAX_BRANDS = 512;

  private final String contentType;
  private final String reader;

  ImageFormat(String contentType, String reader) {
    this.contentType = contentType;
    this.reader = reader;
  }

  public String contentType() {
    return contentType;
  }

  /// Name of the ImageIO readers for this format; empty where FFmpeg reads it.
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
    return startsWith(bytes, 4, "ftyp") ? ofBrands(bytes) : Optional.empty();
  }

  /// AVIF or HEIC by the brands in the first box of an ISO base media file: some writers name the
  /// codec only among those that the file is compatible with.
  private static Optional<ImageFormat> ofBrands(byte[] bytes) {
    int box = ByteBuffer.wrap(bytes).getInt();
    int end = Math.min(bytes.length, Math.clamp(box, 0, MAX_BRANDS));
    for (int at = 8; at + 4 <= end; at += 4) {
      String brand = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
      // The four bytes after the first brand are its version.
      if (at != 12 && AVIF_BRANDS.contains(brand)) {
        return Optional.of(AVIF);
      }
      if (at != 12 && HEIC_BRANDS.contains(brand)) {
        return Optional.of(HEIC);
      }
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
