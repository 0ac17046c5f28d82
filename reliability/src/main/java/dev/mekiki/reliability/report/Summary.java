package dev.mekiki.reliability.report;

import dev.mekiki.reliability.cluster.Ended;
import dev.mekiki.reliability.fault.Happened;
import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.topics.Progress.Lag;
import dev.mekiki.reliability.topics.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was counted and measured in a run, as Markdown. Mutable; not thread-safe.
public final class Summary {
  private final Map<String, Duration> measured = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final List<Ended> ended = new ArrayList<>();
  private List<Effect> effects = List.of();
  private String latencies = "";
  private String memory = "";
  private List<String> idle = List.of();

  /// How long something took; of several the longest.
  public void measured(String what, Duration took) {
    measured.merge(what, took, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  public void count(String what, long count) {
    counts.put(what, count);
  }

  public void counted(Map<String, Long> all) {
    counts.putAll(all);
  }

  /// Processes that ended by themselves.
  public void ended(List<Ended> all) {
    ended.addAll(all);
  }

  /// Takes the latencies of searches that were answered in a span of time.
  public void searches(List<Entry> journal, Instant from, Instant to) {
    long[] millis =
        journal.stream()
            .filter(entry -> entry.answer() != null)
            .filter(entry -> entry.from().isAfter(from) && entry.to().isBefore(to))
            .mapToLong(entry -> Duration.between(entry.from(), entry.to()).toMillis())
            .sorted()
            .toArray();
    if (millis.length > 0) {
      latencies =
          "Searches that were answered took %d ms (median), %d ms (99 %%), %d ms (longest)."
              .formatted(
                  millis[millis.length / 2],
                  millis[millis.length * 99 / 100],
                  millis[millis.length - 1]);
    }
  }

  /// Takes what users noticed of each fault.
  ///
  /// @param end of the last one's effects
  public void faults(
      List<Happened> faults,
      List<Entry> journal,
      List<Watermark> watermarks,
      List<Lag> lags,
      Instant end) {
    effects = Effect.of(faults, journal, watermarks, lags, end);
  }

  /// Takes the faults that had no effect.
  public void idle(List<String> lines) {
    idle = List.copyOf(lines);
  }

  /// Takes a table of the memory of all processes.
  public void memory(String table) {
    memory = table;
  }

  /// All of it.
  ///
  /// @param wrong what must not be, a line each
  public String text(long seed, List<String> wrong) {
    StringBuilder text = new StringBuilder("# Seed %d%n%n".formatted(seed));
    text.append(wrong.isEmpty() ? "Nothing is wrong.\n" : "Wrong:\n\n");
    wrong.forEach(line -> text.append("- ").append(line).append('\n'));
    text.append(
        "\n| fault | took | partial | unanswered | whole again after | longest pause | goes on after |"
            + " processed after | seen |\n|---|---|---|---|---|---|---|---|---|\n");
    for (Effect effect : effects) {
      text.append(
          "| %s | %s | %d | %d | %s | %s | %s | %s | %s |%n"
              .formatted(
                  effect.fault().fault().text(),
                  seconds(Duration.between(effect.fault().from(), effect.fault().to())),
                  effect.partial(),
                  effect.unanswered(),
                  seconds(effect.wholeAfter()),
                  seconds(effect.pause()),
                  seconds(effect.goesOnAfter()),
                  seconds(effect.processedAfter()),
                  effect.fault().note().strip()));
    }
    idle.forEach(line -> text.append('\n').append(line).append('\n'));
    text.append("\n| measured | |\n|---|---|\n");
    measured.forEach((what, took) -> text.append("| %s | %s |%n".formatted(what, seconds(took))));
    text.append("\n| counted | |\n|---|---|\n");
    counts.forEach((what, count) -> text.append("| %s | %d |%n".formatted(what, count)));
    text.append('\n').append(latencies).append('\n');
    if (!memory.isEmpty()) {
      text.append('\n').append(memory);
    }
    for (Ended process : ended) {
      text.append(
          "%s ended by itself at %s, exit code %d.%n"
              .formatted(process.node(), process.time(), process.exitCode()));
    }
    return text.toString();
  }

  private static String seconds(@Nullable Duration duration) {
    return duration == null ? "" : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }
}
