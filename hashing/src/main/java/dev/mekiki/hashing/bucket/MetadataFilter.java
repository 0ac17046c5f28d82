package dev.mekiki.hashing.bucket;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which images a search may find, by their filterable metadata.
///
/// @param required what an image must have, all of it: key = value
/// @param absent a key that it must not have; null for none
public record MetadataFilter(Map<String, String> required, @Nullable String absent) {
  /// Every image.
  public static final MetadataFilter ALL = new MetadataFilter(Map.of());

  public MetadataFilter {
    required = Map.copyOf(required);
  }

  /// @param required what an image must have, all of it: key = value
  public MetadataFilter(Map<String, String> required) {
    this(required, null);
  }

  /// True if every image passes.
  public boolean acceptsAll() {
    return required.isEmpty() && absent == null;
  }

  /// True if an image with this metadata may be found.
  public boolean accepts(Map<String, String> metadata) {
    return (required.isEmpty() || metadata.entrySet().containsAll(required.entrySet()))
        && (absent == null || !metadata.containsKey(absent));
  }
}
