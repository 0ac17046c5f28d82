package dev.mekiki.reliability.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// How much the memory of a process has grown after its warm-up: means of the tenth of the time
/// after the first third, and of the last tenth.
///
/// @param process its name
/// @param before bytes after the warm-up
/// @param after bytes at the end
public record Growth(String process, Map<Part, Long> before, Map<Part, Long> after) {
  private static final int WARM_UP = 3;
  private static final int WINDOW = 10;

  /// Of every process that was there all the time.
  ///
  /// @param from,to the span of time that the samples are of
  public static List<Growth> of(List<Sample> samples, Instant from, Instant to) {
    Duration span = Duration.between(from, to);
    Duration window = span.dividedBy(WINDOW);
    Instant warm = from.plus(span.dividedBy(WARM_UP));
    Set<String> processes = new LinkedHashSet<>();
    samples.forEach(sample -> processes.add(sample.process()));
    List<Growth> all = new ArrayList<>();
    for (String process : processes) {
      List<Sample> own =
          samples.stream().filter(sample -> sample.process().equals(process)).toList();
      Map<Part, Long> before = means(own, warm, warm.plus(window));
      Map<Part, Long> after = means(own, to.minus(window), to);
      if (before.containsKey(Part.RESIDENT) && after.containsKey(Part.RESIDENT)) {
        all.add(new Growth(process, before, after));
      }
    }
    return all;
  }

  private static Map<Part, Long> means(List<Sample> samples, Instant from, Instant to) {
    Map<Part, Long> means = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      OptionalDouble mean =
          samples.stream()
              .filter(sample -> !sample.time().isBefore(from) && !sample.time().isAfter(to))
              .filter(sample -> sample.bytes().containsKey(part))
              .mapToLong(sample -> sample.bytes().getOrDefault(part, 0L))
              .average();
      mean.ifPresent(bytes -> means.put(part, Math.round(bytes)));
    }
    return means;
  }

  /// Of resident memory, as a share of what it was.
  public double share() {
    long was = before.getOrDefault(Part.RESIDENT, 0L);
    return was == 0 ? 0 : (double) after.getOrDefault(Part.RESIDENT, 0L) / was - 1;
  }
}
