package dev.mekiki.query.search;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to look for over all partitions.
///
/// @param waves how partitions are asked
/// @param code q bits
/// @param fingerprint 32 bytes that rank ties of the code distance, or empty
/// @param radius largest code distance of a hit, 0 to q
/// @param k most hits, at least 1
/// @param filter metadata that every hit has: key = value
/// @param excludedId an image that is not to be among the hits
public record Query(
    Waves waves,
    HashCode code,
    ByteString fingerprint,
    int radius,
    int k,
    Map<String, String> filter,
    @Nullable String excludedId) {

  public Query {
    filter = Map.copyOf(filter);
    if (radius < 0 || radius > code.bits()) {
      throw new IllegalArgumentException(
          "radius: %d (expected: 0..%d)".formatted(radius, code.bits()));
    }
    if (k < 1) {
      throw new IllegalArgumentException("k: %d (expected: at least 1)".formatted(k));
    }
  }

  /// How partitions are asked.
  public enum Waves {
    /// The closest ones first, then those that the distance of the k-th hit leaves possible: for
    /// the k nearest, which are mostly found in one or two partitions.
    CLOSEST_FIRST,
    /// All within the radius at once: for everything within a radius, which needs them all.
    ALL_AT_ONCE
  }
}
