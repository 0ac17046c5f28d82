package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.RecordTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time as options take it: `2026-11-30`, `2026-11-30T06:00:00Z`, or how long ago, as `12h`.
final class PointInTime implements ITypeConverter<Instant> {
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})(s|m|h|d)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  @Override
  public Instant convert(String value) {
    try {
      Instant time = read(value);
      if (!time.isBefore(Instant.ofEpochMilli(RecordTime.MIN_MILLIS))
          && !time.isAfter(Instant.ofEpochMilli(RecordTime.MAX_MILLIS))) {
        return time;
      }
    } catch (DateTimeException _) {
      // The same as a time out of range.
    }
    throw new TypeConversionException(
        ("'%s' (expected: a date as 2026-11-30, a time as 2026-11-30T06:00:00Z, or how long ago as"
                + " 90m, 12h or 7d)")
            .formatted(BoundedText.quote(value)));
  }

  private static Instant read(String value) {
    Matcher ago = AGO.matcher(value);
    if (ago.matches()) {
      return Instant.now()
          .minus(
              UNITS
                  .getOrDefault(ago.group(2), Duration.ZERO)
                  .multipliedBy(Long.parseLong(ago.group(1))));
    }
    return value.contains("T")
        ? OffsetDateTime.parse(value).toInstant()
        : LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
