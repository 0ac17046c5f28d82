package dev.mekiki.query.matches;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where a reader of `matches` stands: for each partition the offset it reads next.
///
/// @param offsets by partition
public record Positions(List<Long> offsets) {
  private static final Pattern TEXT = Pattern.compile("\\d{1,18}(-\\d{1,18}){0,1023}");

  public Positions {
    offsets = List.copyOf(offsets);
  }

  /// The positions of their text form, or empty where the text is none: it comes back from browsers
  /// as the id of the last event, and whatever else they send must do no harm.
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

  /// These positions with one partition's moved on.
  Positions with(int partition, long offset) {
    List<Long> moved = new ArrayList<>(offsets);
    moved.set(partition, offset);
    return new Positions(moved);
  }
}
