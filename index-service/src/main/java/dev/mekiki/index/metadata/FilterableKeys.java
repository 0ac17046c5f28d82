package dev.mekiki.index.metadata;

import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.v1.Placement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The metadata keys that searches may filter by. Values of these alone go into placements and into
/// the search structure, where every byte is paid for once for each partition.
///
/// @param metadata the keys
public record FilterableKeys(MetadataKeys metadata) {
  /// No key: searches cannot filter.
  public static final FilterableKeys NONE = new FilterableKeys(MetadataKeys.NONE);

  /// Names the tenant in rows. No metadata has it: headers of that prefix are none.
  public static final String TENANT = ImageHeaders.TENANT;

  /// The given keys, each once, without blanks around them.
  public static FilterableKeys of(Collection<String> keys) {
    return new FilterableKeys(MetadataKeys.of(keys));
  }

  /// The keys.
  public SortedSet<String> keys() {
    return metadata.keys();
  }

  /// The part of some metadata that searches may filter by.
  public Map<String, String> in(Map<String, String> all) {
    return metadata.in(all);
  }

  /// What a row keeps of a placement to be filtered by: that, and whose image it is.
  public Map<String, String> of(Placement placement) {
    Map<String, String> part = in(placement.getFilterableMetadataMap());
    if (placement.getTenant().isEmpty()) {
      return part;
    }
    Map<String, String> withTenant = new HashMap<>(part);
    withTenant.put(TENANT, placement.getTenant());
    return withTenant;
  }

  /// Which rows may be found.
  ///
  /// @param required metadata that they have, key = value
  /// @param tenant whose images they are, empty for the default tenant; null for everybody's
  public static MetadataFilter filter(Map<String, String> required, @Nullable String tenant) {
    if (tenant == null) {
      return new MetadataFilter(required);
    }
    if (tenant.isEmpty()) {
      return new MetadataFilter(required, TENANT);
    }
    Map<String, String> withTenant = new HashMap<>(required);
    withTenant.put(TENANT, tenant);
    return new MetadataFilter(withTenant);
  }

  /// What keeps a filter from being applied, as input, expectation and remedy.
  public Optional<String> defect(Map<String, String> filter) {
    return new TreeSet<>(filter.keySet())
        .stream()
            .filter(key -> !keys().contains(key))
            .findFirst()
            .map(key ->
                ("filter: key '%s' (expected: %s; add the key to"
                        + " mekiki.index.filterable-metadata of every index instance, then send"
                        + " again the images that searches should find by it)")
                    .formatted(
                        key,
                        keys().isEmpty()
                            ? "no filter, as no key is configured as filterable"
                            : "one of " + String.join(", ", keys())));
  }
}
