package dev.mekiki.launcher.images;

import java.nio.file.Path;

/// A file that is not used.
///
/// @param file as it was named or found
/// @param reason a few words that many files can share, such as `unsupported format AVIF`
/// @param detail what was found and what was expected; empty where the reason says it all
public record LeftOut(Path file, String reason, String detail) {
  static final String NOT_AN_IMAGE = "not an image";
  static final String UNREADABLE = "unreadable";

  /// A file that is too large.
  ///
  /// @param limit in bytes
  /// @param remedy what raises the limit
  public static LeftOut tooLarge(Path file, long bytes, long limit, String remedy) {
    return new LeftOut(
        file, "too large", "%d bytes (expected: at most %d; %s)".formatted(bytes, limit, remedy));
  }

  /// A file that cannot be read.
  public static LeftOut unreadable(Path file, Exception cause) {
    return new LeftOut(file, UNREADABLE, String.valueOf(cause));
  }

  /// A file that the service has refused.
  public static LeftOut refused(Path file, String detail) {
    return new LeftOut(file, "refused", detail);
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? file + ": " + reason : file + ": " + reason + ": " + detail;
  }
}
