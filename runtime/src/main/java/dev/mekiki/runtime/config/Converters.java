package dev.mekiki.runtime.config;

import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// How configuration values are written and which are allowed. A value that is not raises an {@link
/// IllegalArgumentException} that says what was expected; the loader adds key and value.
///
/// Stateless; SmallRye makes an instance of each where it is named.
public final class Converters {
  private static final int MIB = 1 << 20;
  private static final int MAX_IMAGE_BYTES = 512 * MIB;
  private static final long MIN_MEMORY_BYTES = 8L * MIB;
  private static final long MAX_MEMORY_BYTES = 1L << 40;

  private Converters() {}

  /// A TCP port, 0 to 65535.
  public static final class Port implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return inRange(value, 0, 65_535);
    }
  }

  /// A whole number of at least 1.
  public static final class Count implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return inRange(value, 1, Integer.MAX_VALUE);
    }
  }

  /// `on` or `off`.
  public static final class Switch implements Converter<Boolean> {
    @Override
    public Boolean convert(String value) {
      return switch (value) {
        case "on" -> true;
        case "off" -> false;
        default -> throw new IllegalArgumentException("expected: on or off");
      };
    }
  }

  /// A Hamming radius, 0 to 256.
  public static final class Radius implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return inRange(value, 0, 256);
    }
  }

  /// A partition count, 1 to 1024.
  public static final class Partitions implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return inRange(value, 1, 1024);
    }
  }

  /// A replication factor, 1 to 32.
  public static final class Replication implements Converter<Short> {
    @Override
    public Short convert(String value) {
      return (short) wholeNumber(value, 1, 32);
    }
  }

  /// Pixels of an image, 1 to 2^31 - 1, the most that decoders address.
  public static final class Pixels implements Converter<Long> {
    @Override
    public Long convert(String value) {
      return wholeNumber(value, 1, Integer.MAX_VALUE);
    }
  }

  /// Bytes of an image, 1 KiB to 512 MiB: `1048576`, `1024KiB`, `16MiB`.
  public static final class ImageBytes implements Converter<Integer> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})\\s*(|B|KiB|MiB)");
    private static final Map<String, Integer> UNITS =
        Map.of("", 1, "B", 1, "KiB", 1 << 10, "MiB", MIB);

    @Override
    public Integer convert(String value) {
      Matcher matcher = SIZE.matcher(value.strip());
      if (matcher.matches()) {
        long bytes =
            Math.multiplyExact(
                Long.parseLong(matcher.group(1)), UNITS.getOrDefault(matcher.group(2), 1));
        if (bytes >= 1024 && bytes <= MAX_IMAGE_BYTES) {
          return Math.toIntExact(bytes);
        }
      }
      throw expected("1KiB..512MiB, such as 16MiB or 16777216");
    }
  }

  /// Bytes of memory, 8 MiB to 1 TiB: `134217728`, `128MiB`, `4GiB`.
  public static final class MemoryBytes implements Converter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,13})\\s*(|B|KiB|MiB|GiB)");
    private static final Map<String, Long> UNITS =
        Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    @Override
    public Long convert(String value) {
      Matcher matcher = SIZE.matcher(value.strip());
      if (matcher.matches()) {
        long number = Long.parseLong(matcher.group(1));
        long unit = UNITS.getOrDefault(matcher.group(2), 1L);
        if (number <= MAX_MEMORY_BYTES / unit && number * unit >= MIN_MEMORY_BYTES) {
          return number * unit;
        }
      }
      throw expected("8MiB..1024GiB, such as 128MiB or 134217728");
    }
  }

  /// A span of time of at least 0: `20ms`, `1.5s`, `5m`, `2h`.
  public static final class Time implements Converter<Duration> {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*(ms|s|m|h)");
    private static final Map<String, Integer> MILLIS =
        Map.of("ms", 1, "s", 1000, "m", 60_000, "h", 3_600_000);

    @Override
    public Duration convert(String value) {
      Matcher matcher = TIME.matcher(value.strip().toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw expected("a time such as 20ms, 1.5s, 5m or 2h");
      }
      double millis =
          Double.parseDouble(matcher.group(1)) * MILLIS.getOrDefault(matcher.group(2), 1);
      return Duration.ofNanos(Math.round(millis * 1e6));
    }
  }

  /// How long images are kept, 1 minute to 100 years: `90d`, `12h`, `30m`.
  public static final class ImageRetention implements Converter<Duration> {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,9})\\s*d");
    private static final Duration MIN = Duration.ofMinutes(1);
    private static final Duration MAX = Duration.ofDays(36_500);
    private static final String EXPECTED = "expected: 1m..36500d, such as 90d";

    @Override
    public Duration convert(String value) {
      Duration retention;
      try {
        retention = parsed(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(EXPECTED, e);
      }
      if (retention.compareTo(MIN) < 0 || retention.compareTo(MAX) > 0) {
        throw new IllegalArgumentException(EXPECTED);
      }
      return retention;
    }

    private static Duration parsed(String value) {
      Matcher days = DAYS.matcher(value.strip());
      return days.matches()
          ? Duration.ofDays(Long.parseLong(days.group(1)))
          : new Time().convert(value);
    }
  }

  /// What topic names start with.
  public static final class TopicPrefix implements Converter<String> {
    @Override
    public String convert(String value) {
      try {
        return new Topics(value).prefix();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "expected: at most 100 of a-z, A-Z, 0-9, '.', '_' and '-'", e);
      }
    }
  }

  /// The whole number that a value says.
  ///
  /// @throws IllegalArgumentException naming the range, where it is outside or no number
  public static int inRange(String value, int from, int to) {
    return Math.toIntExact(wholeNumber(value, from, to));
  }

  private static long wholeNumber(String value, long from, long to) {
    try {
      long number = Long.parseLong(value.strip());
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(range(from, to), e);
    }
    throw new IllegalArgumentException(range(from, to));
  }

  private static String range(long from, long to) {
    return to == Integer.MAX_VALUE
        ? "expected: a whole number of at least " + from
        : "expected: %d..%d".formatted(from, to);
  }

  private static IllegalArgumentException expected(String what) {
    return new IllegalArgumentException("expected: " + what);
  }
}
