package dev.mekiki.query.matches;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A place in the topic `matches`: for each partition the offset to read next.
///
/// @param offsets by partition
public record Positions(List<Long> offsets) {
  private static final Pattern TEXT = Pattern.compile("\\d{1,18}(-\\d{1,18}){0,1023}");

  public Positions {
    offsets = List.copyOf(offsets);
  }

  /// Reads the text form. Empty for any other text: browsers send it back as the id of the last
  /// event, and a client may send anything.
  public static Optional<Positions> parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      return Optional.empty();
    }
    List<Long> offsets = new ArrayList<>();
    for (String offset : text.split("-", -1)) {
      offsets.add(Long.valueOf(offset));
    }
    return Optional.of(new Positions(offsets));
  }

  /// The text form.
  @Override
  public String toString() {
    return offsets.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }

  long offset(int partition) {
    return offsets.get(partition);
  }

  /// True where some partition has more to read before `other` is reached.
  boolean isBefore(Positions other) {
    return IntStream.range(0, other.offsets.size()).anyMatch(p -> offset(p) < other.offset(p));
  }

  /// The earlier of both for each partition.
  Positions atMost(Positions other) {
    return new Positions(
        IntStream.range(0, offsets.size())
            .mapToObj(p -> Math.min(offset(p), other.offset(p)))
            .toList());
  }

  /// The later of both for each partition.
  Positions atLeast(Positions other) {
    return new Positions(
        IntStream.range(0, offsets.size())
            .mapToObj(p -> Math.max(offset(p), other.offset(p)))
            .toList());
  }

  /// The same positions with another offset for one partition.
  Positions with(int partition, long offset) {
    List<Long> moved = new ArrayList<>(offsets);
    moved.set(partition, offset);
    return new Positions(moved);
  }
}
