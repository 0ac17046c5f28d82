package dev.mekiki.encoding.decode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Image formats that are not decoded, recognised by a file's first bytes.
public enum UnsupportedFormat {
  HEIF("HEIF with neither AV1 nor HEVC", "....ftyp(heif|mif1|msf1|jpeg|avci|j2ki|vvic|miaf)"),
  BIG_TIFF("BigTIFF", "II[+]\0|MM\0[+]"),
  JPEG_XL("JPEG XL", "\u00ff\n|\0\0\0\fJXL \r\n\u0087\n"),
  JPEG_2000("JPEG 2000", "\0\0\0\fjP  \r\n\u0087\n|\u00ffO\u00ffQ"),
  SVG("SVG", "(?i)(\u00ef\u00bb\u00bf)?\\s*(<\\?xml.*)?(<!--.*)?(<!DOCTYPE svg.*)?<svg[\\s>]"),
  PSD("PSD", "8BPS"),
  ICO("ICO", "\0\0[\u0001\u0002]\0[^\0]\0");

  /// Bytes of a file that decide; an SVG may begin with comments.
  public static final int HEAD_BYTES = 1024;

  private static final List<UnsupportedFormat> ALL = List.of(values());

  private final String label;
  private final Pattern head;

  UnsupportedFormat(String label, String head) {
    this.label = label;
    this.head = Pattern.compile(head, Pattern.DOTALL);
  }

  /// What people call it.
  public String label() {
    return label;
  }

  /// The format of a file; empty where it is none of these.
  ///
  /// @param head the file's first bytes, up to {@link #HEAD_BYTES}
  /// @param fileName its name; empty where it has none
  public static Optional<UnsupportedFormat> of(byte[] head, String fileName) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    // Compressed, so that its first bytes say nothing.
    if (fileName.toLowerCase(Locale.ROOT).endsWith(".svgz")) {
      return Optional.of(SVG);
    }
    return ALL.stream().filter(format -> format.head.matcher(text).lookingAt()).findFirst();
  }
}
