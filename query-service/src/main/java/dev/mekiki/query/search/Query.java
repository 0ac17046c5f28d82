package dev.mekiki.query.search;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.schemas.v1.QueryPicture;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to look for: the k nearest images within a radius.
///
/// @param code q bits
/// @param fingerprint 32 bytes that rank ties of the code distance, or empty
/// @param radius largest code distance of a hit, 0 to q
/// @param k most hits, at least 1
/// @param filter metadata that every hit has: key = value
/// @param tenant whose images may be hits, empty for the default tenant; null for everybody's
/// @param picture what decides whether a hit is a copy, next to the fingerprint; null where copies
///   are not looked for
/// @param describe whether hits say when their images came, and their metadata
public record Query(
    HashCode code,
    ByteString fingerprint,
    int radius,
    int k,
    Map<String, String> filter,
    @Nullable String tenant,
    @Nullable QueryPicture picture,
    boolean describe) {

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

  /// The same query with another radius and another k.
  Query limitedTo(int radius, int k) {
    return new Query(code, fingerprint, radius, k, filter, tenant, picture, describe);
  }
}
