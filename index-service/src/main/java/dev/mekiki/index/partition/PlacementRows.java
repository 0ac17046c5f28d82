package dev.mekiki.index.partition;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SourceCoordinate;

/// Placements as the search structure and the match rule see them.
final class PlacementRows {
  private PlacementRows() {}

  /// The placement of a store's or topic's value.
  ///
  /// @param bits q of the generation
  /// @throws DamagedPlacementException where the bytes are none, or none of this generation
  static Placement parse(String id, byte[] value, int bits) throws DamagedPlacementException {
    Placement placement;
    try {
      placement = Placement.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new DamagedPlacementException(
          "placement of '%s': %d bytes that are no Placement".formatted(id, value.length), e);
    }
    check(id, placement, bits);
    return placement;
  }

  /// @throws DamagedPlacementException where the placement is none of this generation
  static void check(String id, Placement placement, int bits) throws DamagedPlacementException {
    expect(id, "hash_code", placement.getHashCode().size() * Byte.SIZE, bits);
    expect(id, "fingerprint", placement.getFingerprint().size() * Byte.SIZE, Fingerprint.BITS);
    expect(id, "sha256", placement.getSha256().size() * Byte.SIZE, 256);
    int quality = placement.getFingerprintQuality();
    if (quality < 0 || quality > 100) {
      throw new DamagedPlacementException(
          "placement of '%s': fingerprint_quality: %d (expected: 0..100)".formatted(id, quality));
    }
  }

  private static void expect(String id, String field, int bits, int expected)
      throws DamagedPlacementException {
    if (bits != expected) {
      throw new DamagedPlacementException(
          "placement of '%s': %s: %d bits (expected: %d)".formatted(id, field, bits, expected));
    }
  }

  static HashCode code(Placement placement) {
    return HashCode.fromBytes(placement.getHashCode().toByteArray());
  }

  static Fingerprint fingerprint(Placement placement) {
    return new Fingerprint(
        HashCode.fromBytes(placement.getFingerprint().toByteArray()),
        placement.getFingerprintQuality());
  }

  static IndexedImage row(
      String id, Placement placement, int partition, FilterableKeys filterable) {
    return new IndexedImage(
        id,
        code(placement),
        fingerprint(placement),
        placement.getHomePartition() == partition,
        filterable.in(placement.getFilterableMetadataMap()));
  }

  static PlacedRevision revision(String id, Placement placement) {
    SourceCoordinate revision = placement.getRevision();
    return new PlacedRevision(
        id,
        new Revision(revision.getTopic(), revision.getPartition(), revision.getOffset()),
        code(placement),
        fingerprint(placement),
        Sha256.of(placement.getSha256().toByteArray()),
        placement.getHomePartition(),
        Timestamps.toMillis(placement.getImageTime()),
        placement.getMute());
  }
}
