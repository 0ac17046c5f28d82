package dev.mekiki.index.metadata;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The metadata keys that searches may filter by. Values of these alone go into placements and into
/// the search structure, where every byte is paid for once for each partition.
///
/// @param keys as they are written in the metadata
public record FilterableKeys(SortedSet<String> keys) {
  /// No key: searches cannot filter.
  public static final FilterableKeys NONE = new FilterableKeys(new TreeSet<>());

  public FilterableKeys {
    keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
  }

  /// The given keys, each once, without blanks around them.
  public static FilterableKeys of(Collection<String> keys) {
    return new FilterableKeys(
        keys.stream().map(String::strip).collect(Collectors.toCollection(TreeSet::new)));
  }

  /// The part of some metadata that searches may filter by.
  public Map<String, String> in(Map<String, String> metadata) {
    if (keys.isEmpty() || metadata.isEmpty()) {
      return Map.of();
    }
    Map<String, String> part = new HashMap<>(metadata);
    part.keySet().retainAll(keys);
    return part;
  }

  /// What keeps a filter from being applied, as input, expectation and remedy.
  public Optional<String> defect(Map<String, String> filter) {
    return new TreeSet<>(filter.keySet())
        .stream()
            .filter(key -> !keys.contains(key))
            .findFirst()
            .map(key ->
                ("filter: key '%s' (expected: %s; add the key to"
                        + " mekiki.index.filterable-metadata of every index instance, then send"
                        + " again the images that searches should find by it)")
                    .formatted(
                        key,
                        keys.isEmpty()
                            ? "no filter, as no key is configured as filterable"
                            : "one of " + String.join(", ", keys)));
  }
}
