package dev.mekiki.reliability.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is wrong, and what was counted. Not thread-safe.
public final class Findings {
  /// Beyond so many of one kind, further ones are only counted.
  private static final int MOST = 20;

  private final Map<String, List<String>> wrong = new LinkedHashMap<>();
  private final Map<String, Long> wrongCounts = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  /// Something that must not be.
  ///
  /// @param kind what guarantee it breaks, in a few words
  public void wrong(String kind, String what) {
    wrongCounts.merge(kind, 1L, Long::sum);
    List<String> all = wrong.computeIfAbsent(kind, _ -> new ArrayList<>());
    if (all.size() < MOST) {
      all.add(what);
    }
  }

  /// Something that may be, and is reported.
  public void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  public boolean isEmpty() {
    return wrong.isEmpty();
  }

  /// What was counted, in the order in which it was.
  public Map<String, Long> counts() {
    return counts;
  }

  /// All that is wrong, a line each.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    wrong.forEach((kind, all) -> {
      all.forEach(what -> lines.add(kind + ": " + what));
      long more = wrongCounts.getOrDefault(kind, 0L) - all.size();
      if (more > 0) {
        lines.add("%s: and %d more".formatted(kind, more));
      }
    });
    return lines;
  }
}
