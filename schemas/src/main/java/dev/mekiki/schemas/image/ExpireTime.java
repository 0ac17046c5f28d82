package dev.mekiki.schemas.image;

import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.RecordTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From when on an image is treated as deleted, as senders write it: an instant of RFC 3339, such
/// as `2026-12-31T00:00:00Z`, or milliseconds since 1970. Stateless.
public final class ExpireTime {
  /// Most bytes of the text.
  public static final int MAX_BYTES = 64;

  private static final Pattern MILLIS = Pattern.compile("\\d{1,18}");

  private ExpireTime() {}

  /// The time that a text says, in milliseconds since 1970, rounded down.
  ///
  /// @param what is read, for the message, such as `mekiki-expires`
  /// @throws IllegalArgumentException with a message for the sender where it says none from 1970 to
  ///   the end of year 9999
  public static long parse(String what, String text) {
    try {
      String stripped = text.strip();
      long millis =
          MILLIS.matcher(stripped).matches()
              ? Long.parseLong(stripped)
              : OffsetDateTime.parse(stripped).toInstant().toEpochMilli();
      if (millis >= 0 && RecordTime.isValid(millis)) {
        return millis;
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw unexpected(what, text, e);
    }
    throw unexpected(what, text, null);
  }

  private static IllegalArgumentException unexpected(
      String what, String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        ("%s: '%s' (expected: a time such as 2026-12-31T00:00:00Z, or milliseconds since 1970, up"
                + " to the end of year 9999)")
            .formatted(what, BoundedText.quote(text)),
        cause);
  }

  /// The time as it stands.
  ///
  /// @param what it is, for the message
  /// @param millis since 1970
  /// @param since what it must lie after, milliseconds since 1970
  /// @throws IllegalArgumentException with a message for the sender where it does not
  public static long checkedAfter(String what, long millis, long since) {
    if (millis <= since) {
      throw new IllegalArgumentException(
          ("%s: %s is an expiry in the past (expected: a time after that of the image, %s; to"
                  + " remove an image, delete it)")
              .formatted(what, Instant.ofEpochMilli(millis), Instant.ofEpochMilli(since)));
    }
    return millis;
  }
}
