package dev.mekiki.reliability.fault;

import dev.mekiki.reliability.cluster.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks for lines in the logs of processes.
public final class Logs {
  private static final int TIME_LENGTH = "2026-01-01T00:00:00.000Z".length();

  private Logs() {}

  /// How many lines hold a pattern, of those that were written in a span of time. One that names no
  /// time, as in the trace of an exception, is of that of the line before.
  public static long count(Collection<Node> nodes, Pattern pattern, Instant from, Instant to) {
    return nodes.stream().mapToLong(node -> count(lines(node), pattern, from, to)).sum();
  }

  static long count(Stream<String> lines, Pattern pattern, Instant from, Instant to) {
    long count = 0;
    Instant time = Instant.MIN;
    for (String line : (Iterable<String>) lines::iterator) {
      Instant named = time(line);
      time = named == null ? time : named;
      boolean isWithin = !time.isBefore(from) && !time.isAfter(to);
      count += isWithin && pattern.matcher(line).find() ? 1 : 0;
    }
    return count;
  }

  /// Whether a line holds a pattern.
  static boolean holds(Node node, Pattern pattern) {
    return lines(node).anyMatch(line -> pattern.matcher(line).find());
  }

  private static Stream<String> lines(Node node) {
    try {
      // Not every byte need be UTF-8: a process may be killed within a character.
      return Files.exists(node.log())
          ? Files.readString(node.log(), StandardCharsets.ISO_8859_1).lines()
          : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("log of " + node, e);
    }
  }

  /// The time that a line begins with; null where it does not.
  private static @Nullable Instant time(String line) {
    if (line.length() < TIME_LENGTH || !Character.isDigit(line.charAt(0))) {
      return null;
    }
    try {
      return Instant.parse(line.substring(0, TIME_LENGTH));
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
