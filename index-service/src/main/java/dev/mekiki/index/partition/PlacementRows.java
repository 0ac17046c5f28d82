package dev.mekiki.index.partition;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.Revisions;
import dev.mekiki.schemas.v1.Placement;

/// Placements as the search structure and the match rule see them.
final class PlacementRows {
  private PlacementRows() {}

  /// The placement of a topic's value.
  ///
  /// @param home the partition that it was read from
  /// @throws DefectiveRecordException where the bytes are none, or none of this generation and
  ///   partition
  static Placement parse(byte[] value, GenerationGeometry geometry, int home)
      throws DefectiveRecordException {
    Placement placement;
    try {
      placement = Placement.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no Placement".formatted(value.length), e);
    }
    check(placement, geometry);
    checkHome(placement, home);
    return placement;
  }

  /// Checks all that searches and matching rely on.
  ///
  /// @throws DefectiveRecordException where the placement is none of this generation
  static void check(Placement placement, GenerationGeometry geometry)
      throws DefectiveRecordException {
    RecordChecks.source("revision", placement.getRevision());
    RecordChecks.bytes("hash_code", placement.getHashCode().size(), geometry.bits() / Byte.SIZE);
    RecordChecks.range("center", placement.getCenter(), 0, geometry.centers().size() - 1L);
    RecordChecks.range("shell", placement.getShell(), 0, geometry.bits());
    RecordChecks.range(
        "home_partition", placement.getHomePartition(), 0, geometry.partitions() - 1L);
    RecordChecks.bytes(
        "fingerprint", placement.getFingerprint().size(), Fingerprint.BITS / Byte.SIZE);
    RecordChecks.range("fingerprint_quality", placement.getFingerprintQuality(), 0, 100);
    RecordChecks.sha256(placement.getSha256().size());
    RecordChecks.time("image_time", placement.getImageTime());
    RecordChecks.time("encoded_time", placement.getEncodedTime());
    RecordChecks.time("placed_time", placement.getPlacedTime());
    RecordChecks.time("expire_time", placement.getExpireTime());
    RecordChecks.time("renewed_time", placement.getRenewedTime());
    RecordChecks.range("era", placement.getEra(), 0, Integer.MAX_VALUE);
    RecordChecks.name("tenant", placement.getTenant());
    RecordChecks.name("image_source", placement.getImageSource());
  }

  /// Checks whose image it is.
  ///
  /// @throws DefectiveRecordException where the placement names another home
  static void checkHome(Placement placement, int home) throws DefectiveRecordException {
    RecordChecks.range("home_partition", placement.getHomePartition(), home, home);
  }

  static HashCode code(Placement placement) {
    return HashCode.fromBytes(placement.getHashCode().toByteArray());
  }

  static Fingerprint fingerprint(Placement placement) {
    return new Fingerprint(
        HashCode.fromBytes(placement.getFingerprint().toByteArray()),
        placement.getFingerprintQuality());
  }

  static IndexedImage row(String id, Placement placement, FilterableKeys filterable) {
    return new IndexedImage(id, code(placement), fingerprint(placement), filterable.of(placement));
  }

  /// Whether this generation reports the pairs of two images.
  static boolean reports(Placement a, Placement b) {
    return Era.reports(era(a), era(b));
  }

  private static Era era(Placement placement) {
    return new Era(placement.getEra(), placement.getSilent());
  }

  static PlacedRevision revision(String id, Placement placement) {
    return new PlacedRevision(
        id,
        Revisions.of(placement.getRevision()),
        code(placement),
        fingerprint(placement),
        Sha256.of(placement.getSha256().toByteArray()),
        placement.getHomePartition(),
        Timestamps.toMillis(placement.getImageTime()),
        placement.getMute(),
        new Origin(placement.getTenant(), placement.getImageSource()));
  }
}
