package dev.mekiki.hashing.match;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;

/// One revision of an image.
///
/// @param id the image id
/// @param revision which change of the image this is
/// @param code its hash code
/// @param fingerprint its fingerprint
/// @param sha256 of its bytes
/// @param homePartition the one partition that hosts its bucket
/// @param imageTimeMillis timestamp of its record on `images`, milliseconds since the epoch
/// @param muted true if no event may be emitted in which this image is the later one
/// @param origin whose it is, and what it comes from
public record PlacedRevision(
    String id,
    Revision revision,
    HashCode code,
    Fingerprint fingerprint,
    Sha256 sha256,
    int homePartition,
    long imageTimeMillis,
    boolean muted,
    Origin origin) {
  /// A revision of the default tenant, from where nobody said.
  public PlacedRevision(
      String id,
      Revision revision,
      HashCode code,
      Fingerprint fingerprint,
      Sha256 sha256,
      int homePartition,
      long imageTimeMillis,
      boolean muted) {
    this(
        id,
        revision,
        code,
        fingerprint,
        sha256,
        homePartition,
        imageTimeMillis,
        muted,
        Origin.UNKNOWN);
  }
}
