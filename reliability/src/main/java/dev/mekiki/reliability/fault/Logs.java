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

/// Looks for lines in the logs of processes.
public final class Logs {
  private static final int TIME_LENGTH = "2026-01-01T00:00:00.000Z".length();

  private Logs() {}

  /// How many lines hold a pattern, of those that say that they were written in a span of time.
  public static long count(Collection<Node> nodes, Pattern pattern, Instant from, Instant to) {
    return nodes.stream()
        .flatMap(Logs::lines)
        .filter(line -> pattern.matcher(line).find())
        .filter(line -> isWithin(line, from, to))
        .count();
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

  private static boolean isWithin(String line, Instant from, Instant to) {
    if (line.length() < TIME_LENGTH) {
      return false;
    }
    try {
      Instant time = Instant.parse(line.substring(0, TIME_LENGTH));
      return !time.isBefore(from) && !time.isAfter(to);
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
