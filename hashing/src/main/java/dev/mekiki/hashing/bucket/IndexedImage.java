package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.Map;

/// One row of a partition's search structure.
///
/// @param id the image id
/// @param code its hash code
/// @param fingerprint its fingerprint
/// @param metadata the part of its metadata that searches may filter by
public record IndexedImage(
    String id, HashCode code, Fingerprint fingerprint, Map<String, String> metadata) {
  public IndexedImage {
    metadata = Map.copyOf(metadata);
  }
}
