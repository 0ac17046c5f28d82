package dev.mekiki.index.placement;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ImageCode;

/// Reads the values on `image-codes`.
final class ImageCodes {
  /// Largest value: a code, which carries metadata (and a thumbnail, if an encoder of an earlier
  /// version wrote it) but never an image. What placement writes of it to its changelog and to
  /// `code-placements` then fits these topics.
  static final int MAX_BYTES = 1 << 20;

  private ImageCodes() {}

  /// The code of a record's value, checked: it was written by an encoder of the generation's
  /// network and every field can be used. It holds no thumbnail: one that an encoder of an earlier
  /// version put into the record is named by the record's place instead, where it can be read.
  ///
  /// @param partition of the record
  /// @param offset of the record
  /// @throws DefectiveRecordException where it is none
  static ImageCode parse(byte[] value, GenerationGeometry geometry, int partition, long offset)
      throws DefectiveRecordException {
    if (value.length > MAX_BYTES) {
      throw RecordChecks.defect(
          "value", value.length + " bytes", "at most " + MAX_BYTES + " bytes");
    }
    ImageCode code;
    try {
      code = ImageCode.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no ImageCode".formatted(value.length), e);
    }
    check(code, geometry);
    ByteString thumbnail = code.getThumbnail();
    return thumbnail.isEmpty()
        ? code
        : code.toBuilder()
            .clearThumbnail()
            .setThumbnailAt(Thumbnails.inCode(partition, offset, thumbnail))
            .build();
  }

  private static void check(ImageCode code, GenerationGeometry geometry)
      throws DefectiveRecordException {
    if (!code.getNetwork().equals(geometry.network())) {
      throw RecordChecks.defect(
          "network", BoundedText.quote(code.getNetwork()), geometry.network());
    }
    RecordChecks.bytes("hash_code", code.getHashCode().size(), geometry.bits() / Byte.SIZE);
    RecordChecks.bytes("fingerprint", code.getFingerprint().size(), Fingerprint.BITS / Byte.SIZE);
    RecordChecks.range("fingerprint_quality", code.getFingerprintQuality(), 0, 100);
    RecordChecks.sha256(code.getSha256().size());
    RecordChecks.range(
        "instance_code", code.getInstanceCode().size(), 0, RecordChecks.MAX_INSTANCE_CODE_BYTES);
    if (!code.hasSource()) {
      throw RecordChecks.defect("source", "absent", "the record on images it was made from");
    }
    RecordChecks.source("source", code.getSource());
    RecordChecks.metadata("metadata", code.getMetadataMap());
    RecordChecks.name("tenant", code.getTenant());
    RecordChecks.name("image_source", code.getImageSource());
    RecordChecks.time("image_time", code.getImageTime());
    RecordChecks.time("encoded_time", code.getEncodedTime());
    RecordChecks.time("expire_time", code.getExpireTime());
    RecordChecks.range("thumbnail_at", code.getThumbnailAt().getPartition(), 0, Integer.MAX_VALUE);
    RecordChecks.range("thumbnail_at", code.getThumbnailAt().getOffset(), 0, Long.MAX_VALUE);
  }
}
