package dev.mekiki.hashing.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the groups are by the words of the rule, from everything at once.
final class GroupOracle {
  private GroupOracle() {}

  /// A pair of contents, the smaller first.
  record Match(Content a, Content b) {
    static Match of(Content x, Content y) {
      return x.compareTo(y) <= 0 ? new Match(x, y) : new Match(y, x);
    }
  }

  /// The images of each group, by its representative.
  ///
  /// @param images the present images of each content, none of them empty
  /// @param matches pairs that count as a match
  static Map<Content, Set<Age>> groups(Map<Content, Set<Age>> images, Set<Match> matches) {
    List<AgedContent> byAge = new ArrayList<>();
    images.forEach((content, ages) ->
        byAge.add(new AgedContent(ages.stream().min(Age::compareTo).orElseThrow(), content)));
    byAge.sort(Comparator.naturalOrder());
    Map<Content, Set<Age>> groups = new TreeMap<>();
    List<Content> representatives = new ArrayList<>();
    for (AgedContent aged : byAge) {
      Content content = aged.content();
      Content joined =
          representatives.stream()
              .filter(older -> matches.contains(Match.of(older, content)))
              .findFirst()
              .orElse(content);
      if (joined.equals(content)) {
        representatives.add(content);
      }
      groups
          .computeIfAbsent(joined, _ -> new TreeSet<>())
          .addAll(images.getOrDefault(content, Set.of()));
    }
    groups.values().removeIf(members -> members.size() < 2);
    return groups;
  }
}
