package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A query to one partition: the k nearest images within a radius. A k-NN search has the radius q,
/// a radius search the largest k that the caller accepts.
///
/// @param code q bits, as the structure's
/// @param fingerprint ranks ties of the code distance where there is one
/// @param radius largest code distance of a hit, 0 to q
/// @param k largest number of hits, at least 1
/// @param filter which images may be hits; applied before they are ranked
/// @param expired called now and then during the search; once true, the search ends incomplete
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
