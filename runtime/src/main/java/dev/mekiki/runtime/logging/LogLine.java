package dev.mekiki.runtime.logging;

import ch.qos.logback.classic.Level;
import dev.mekiki.schemas.text.BoundedText;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/// A line that a logger was given.
///
/// @param key the same for lines that say the same of other values: the logger's name and the text
///   with its placeholders, without Kafka's prefix that names the client
/// @param level how to write it: WARN or ERROR, or INFO where nobody has to act
/// @param logger the logger's name without its packages
/// @param text what it says, bounded, with the class of its exception
public record LogLine(String key, Level level, String logger, String text) {
  static LogLine of(
      String logger,
      Level level,
      String format,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    String text = MessageFormatter.basicArrayFormat(format, arguments);
    return new LogLine(
        logger + '|' + format.substring(endOfPrefix(format)),
        level,
        logger.substring(logger.lastIndexOf('.') + 1),
        BoundedText.message(failure == null ? text : text + " (" + failure + ")"));
  }

  // Kafka puts `[Consumer clientId=..., groupId=...] ` before its lines.
  private static int endOfPrefix(String format) {
    int end = format.startsWith("[") ? format.indexOf("] ") : -1;
    return end < 0 ? 0 : end + 2;
  }
}
