package dev.mekiki.schemas.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Text from outside (headers, keys, requests, messages of other programs) made fit for a message,
/// a log line or a header: at most so long, without control characters, and expressible in UTF-8.
///
/// Control characters are written as `\n`, `\r`, `\t` or a `\`, a `u` and four hexadecimal digits,
/// so that a line stays a line; a lone surrogate becomes U+FFFD. What is left out is replaced by
/// `...` and the length of the whole.
public final class BoundedText {
  /// Most characters of one value that a message quotes.
  public static final int QUOTE_LENGTH = 120;

  /// Most characters of a whole message: a dead letter's reason, an error, a log line. In UTF-8
  /// they are at most 3 KiB.
  public static final int MESSAGE_LENGTH = 1000;

  private BoundedText() {}

  /// A value as messages quote it, at most {@link #QUOTE_LENGTH} characters and a note of its
  /// length.
  public static String quote(@Nullable CharSequence value) {
    return value == null ? "null" : bounded(value, QUOTE_LENGTH, value.length(), "characters");
  }

  /// A value of bytes as messages quote it: read as UTF-8, other bytes as U+FFFD. Of a long value
  /// only the beginning is decoded.
  public static String quote(byte @Nullable [] value) {
    return bounded(value, QUOTE_LENGTH);
  }

  private static String bounded(byte @Nullable [] value, int limit) {
    if (value == null) {
      return "null";
    }
    // A character takes at most 4 bytes.
    int decoded = Math.min(value.length, 4 * limit);
    String text = new String(value, 0, decoded, StandardCharsets.UTF_8);
    if (decoded == value.length) {
      return bounded(text, limit, text.length(), "characters");
    }
    return bounded(text, Math.min(limit, text.length() - 1), value.length, "bytes");
  }

  /// A whole message, at most {@link #MESSAGE_LENGTH} characters and a note of its length.
  public static String message(@Nullable CharSequence message) {
    return message == null
        ? "null"
        : bounded(message, MESSAGE_LENGTH, message.length(), "characters");
  }

  /// A whole message of bytes, read as {@link #quote(byte[])} reads them.
  public static String message(byte @Nullable [] message) {
    return bounded(message, MESSAGE_LENGTH);
  }

  /// The message of a failure, or its class where it has none; bounded as {@link
  /// #message(CharSequence)} does.
  public static String message(Throwable failure) {
    String message = failure.getMessage();
    return message(message == null ? failure.getClass().getSimpleName() : message);
  }

  /// @param limit most characters of the result without the note
  /// @param whole length of the whole value, for the note
  private static String bounded(CharSequence text, int limit, int whole, String unit) {
    StringBuilder bounded = new StringBuilder(Math.min(text.length(), limit) + 32);
    int read = 0;
    while (read < text.length()) {
      String next = printable(text, read);
      if (bounded.length() + next.length() > limit) {
        return bounded
            .append("... (")
            .append(whole)
            .append(' ')
            .append(unit)
            .append(')')
            .toString();
      }
      bounded.append(next);
      read += isPair(text, read) ? 2 : 1;
    }
    return bounded.toString();
  }

  private static String printable(CharSequence text, int index) {
    char character = text.charAt(index);
    if (isPair(text, index)) {
      return text.subSequence(index, index + 2).toString();
    }
    if (Character.isSurrogate(character)) {
      return "\uFFFD";
    }
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          isHarmless(character)
              ? Character.toString(character)
              : "\\u%04x".formatted((int) character);
    };
  }

  /// Line separators end a line for some readers, and marks of direction turn text around.
  private static boolean isHarmless(char character) {
    int type = Character.getType(character);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }

  private static boolean isPair(CharSequence text, int index) {
    return index + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
  }
}
