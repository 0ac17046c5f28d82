package dev.mekiki.hashing.bucket;

import java.util.Map;

/// Which images a search may find, by their filterable metadata.
///
/// @param required what an image must have, all of it: key = value
public record MetadataFilter(Map<String, String> required) {
  /// Every image.
  public static final MetadataFilter ALL = new MetadataFilter(Map.of());

  public MetadataFilter {
    required = Map.copyOf(required);
  }

  /// True if every image passes.
  public boolean acceptsAll() {
    return required.isEmpty();
  }

  /// True if an image with this metadata may be found.
  public boolean accepts(Map<String, String> metadata) {
    return metadata.entrySet().containsAll(required.entrySet());
  }
}
