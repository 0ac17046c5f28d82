package dev.mekiki.index.copies;

import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.SourceCoordinate;

/// Images of the search for copies: checked, and as the rule sees them. Stateless.
final class CopyImages {
  private static final int MAX_TOPIC_ID_CHARACTERS = 64;

  private CopyImages() {}

  /// Checks all that the search relies on.
  ///
  /// @param bits of hash codes
  /// @throws DefectiveRecordException where the image is none of this generation
  static void check(CopyImage image, int bits) throws DefectiveRecordException {
    RecordChecks.source("revision", image.getRevision());
    RecordChecks.range(
        "images_topic_id", image.getImagesTopicId().length(), 0, MAX_TOPIC_ID_CHARACTERS);
    RecordChecks.sha256(image.getSha256().size());
    RecordChecks.bytes("hash_code", image.getHashCode().size(), bits / Byte.SIZE);
    RecordChecks.bytes("fingerprint", image.getFingerprint().size(), Fingerprint.BITS / Byte.SIZE);
    RecordChecks.range("fingerprint_quality", image.getFingerprintQuality(), 0, 100);
    RecordChecks.range("width", image.getWidth(), 1, Integer.MAX_VALUE);
    RecordChecks.range("height", image.getHeight(), 1, Integer.MAX_VALUE);
    RecordChecks.time("image_time", image.getImageTime());
    RecordChecks.time("encoded_time", image.getEncodedTime());
    RecordChecks.time("expire_time", image.getExpireTime());
    RecordChecks.time("renewed_time", image.getRenewedTime());
    RecordChecks.name("tenant", image.getTenant());
    RecordChecks.name("image_source", image.getImageSource());
    RecordChecks.range("era", image.getEra(), 0, Integer.MAX_VALUE);
  }

  /// An image in its era.
  static CopyImage in(Era era, CopyImage image) {
    return image.toBuilder().setEra(era.number()).setSilent(era.silent()).build();
  }

  /// Whether this generation reports the pairs of two images.
  static boolean reports(CopyImage a, CopyImage b) {
    return Era.reports(era(a), era(b));
  }

  private static Era era(CopyImage image) {
    return new Era(image.getEra(), image.getSilent());
  }

  /// True where an image is older than the one known, so that an encoder reads its input again.
  static boolean isStale(CopyImage image, CopyImage known) {
    SourceCoordinate at = image.getRevision();
    SourceCoordinate knownAt = known.getRevision();
    return at.getTopic().equals(knownAt.getTopic())
        && image.getImagesTopicId().equals(known.getImagesTopicId())
        && at.getPartition() == knownAt.getPartition()
        && at.getOffset() < knownAt.getOffset();
  }

  /// The revision that is known, where a later record has the same bytes: its times and whether it
  /// is muted stay, since an event speaks of it. It ends when the later one does.
  static CopyImage repeated(CopyImage known, CopyImage image) {
    CopyImage.Builder repeated =
        known.toBuilder().clearThumbnailAt().clearExpireTime().clearRenewedTime();
    if (image.hasThumbnailAt()) {
      repeated.setThumbnailAt(image.getThumbnailAt());
    }
    if (image.hasExpireTime()) {
      repeated.setExpireTime(image.getExpireTime());
    }
    if (!image.getImageTime().equals(known.getImageTime())) {
      repeated.setRenewedTime(image.getImageTime());
    }
    return repeated.build();
  }
}
