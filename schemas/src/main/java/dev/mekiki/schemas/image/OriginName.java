package dev.mekiki.schemas.image;

import dev.mekiki.schemas.text.BoundedText;
import java.nio.charset.StandardCharsets;

/// The name of a tenant or of a source: at most {@link #MAX_BYTES} of UTF-8 without control
/// characters; empty for the default tenant, and where no source is said. Stateless.
public final class OriginName {
  /// Most bytes of UTF-8.
  public static final int MAX_BYTES = 128;

  private OriginName() {}

  /// The name as it stands.
  ///
  /// @param what is named, in the message, such as `tenant`
  /// @throws IllegalArgumentException with a message for the sender where it is no name
  public static String checked(String what, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: at most %d)".formatted(what, bytes, MAX_BYTES));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException(
          what + ": text with a lone surrogate (expected: text that UTF-8 can express)");
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: no control characters)".formatted(what, BoundedText.quote(name)));
    }
    return name;
  }
}
