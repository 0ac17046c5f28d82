package dev.mekiki.runtime.match;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.CopyImage;

/// Images of the search for copies as the rule sees them. Stateless.
public final class CopyRevisions {
  private CopyRevisions() {}

  /// The image. Its landmarks have a partition, and no home.
  ///
  /// @throws IllegalArgumentException where code, fingerprint or SHA-256 have another length
  public static PlacedRevision of(String id, CopyImage image) {
    return new PlacedRevision(
        id,
        Revisions.of(image.getRevision()),
        HashCode.fromBytes(image.getHashCode().toByteArray()),
        fingerprint(image),
        Sha256.of(image.getSha256().toByteArray()),
        0,
        Timestamps.toMillis(image.getImageTime()),
        image.getMute(),
        new Origin(image.getTenant(), image.getImageSource()));
  }

  /// Its fingerprint.
  public static Fingerprint fingerprint(CopyImage image) {
    return new Fingerprint(
        HashCode.fromBytes(image.getFingerprint().toByteArray()), image.getFingerprintQuality());
  }
}
