package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What to look for in a partition: the k nearest within a radius. A k-NN search has the radius q,
/// a radius search a k as large as the caller will take.
///
/// @param code q bits, as the structure's
/// @param fingerprint ranks ties of the code distance where there is one
/// @param radius largest code distance of a hit, 0 to q
/// @param k most hits, at least 1
/// @param filter which images may be hits; applied before they are ranked
/// @param expired asked now and then during the search; once true, the search ends incomplete
public record PartitionQuery(
    HashCode code,
    @Nullable Fingerprint fingerprint,
    int radius,
    int k,
    MetadataFilter filter,
    BooleanSupplier expired) {
  public PartitionQuery {
    if (radius < 0 || radius > code.bits()) {
      throw new IllegalArgumentException(
          "radius: %d (expected: 0..%d)".formatted(radius, code.bits()));
    }
    if (k < 1) {
      throw new IllegalArgumentException("k: %d (expected: at least 1)".formatted(k));
    }
  }
}
