package dev.mekiki.schemas.image;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Some keys of the metadata of images, as they are configured for a purpose.
///
/// @param keys as they are written in the metadata
public record MetadataKeys(SortedSet<String> keys) {
  /// No key.
  public static final MetadataKeys NONE = new MetadataKeys(new TreeSet<>());

  public MetadataKeys {
    keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
  }

  /// The given keys, each once, without blanks around them.
  public static MetadataKeys of(Collection<String> keys) {
    return new MetadataKeys(
        keys.stream().map(String::strip).collect(Collectors.toCollection(TreeSet::new)));
  }

  /// The part of some metadata that has these keys.
  public Map<String, String> in(Map<String, String> metadata) {
    if (keys.isEmpty() || metadata.isEmpty()) {
      return Map.of();
    }
    Map<String, String> part = new HashMap<>(metadata);
    part.keySet().retainAll(keys);
    return part;
  }
}
