package dev.mekiki.hashing.group;

import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.match.Sha256;
import java.util.Comparator;

/// The bytes of an image, as one tenant has them: all its images of the same bytes are one content.
/// Ordered by tenant, then by hash as unsigned bytes.
///
/// @param tenant whose it is; empty for the default tenant, and where tenants are shared
/// @param sha256 of the bytes
public record Content(String tenant, Sha256 sha256) implements Comparable<Content> {
  private static final Comparator<Content> ORDER =
      Comparator.comparing(Content::tenant, IdOrder.COMPARATOR).thenComparing(Content::sha256);

  /// The partition that keeps this content: the same for all tenants, so that whoever asks need not
  /// know whether they are shared.
  ///
  /// @param partitions number of partitions, at least 1
  public int partition(int partitions) {
    // Hashes are uniform by themselves.
    return Math.floorMod(sha256.a(), partitions);
  }

  @Override
  public int compareTo(Content other) {
    return ORDER.compare(this, other);
  }
}
