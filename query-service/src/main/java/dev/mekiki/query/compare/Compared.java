package dev.mekiki.query.compare;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.match.Revisions;
import dev.mekiki.schemas.v1.ComparedImage;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.HexFormat;

/// One of two images that are compared.
///
/// @param image as the answer shows it
/// @param revision as the match rule sees it; a picture has the id that is given for it
/// @param isIndexed false for a picture
public record Compared(ComparedImage image, PlacedRevision revision, boolean isIndexed) {
  /// An indexed image.
  public static Compared of(String id, PlacedImage placed) {
    ImageCode code = placed.getCode();
    SourceCoordinate at = placed.getRevision();
    ComparedImage image =
        image(code.getSha256(), code.getFingerprint(), code.getFingerprintQuality())
            .setId(id)
            .setWidth(code.getWidth())
            .setHeight(code.getHeight())
            .setTenant(code.getTenant())
            .setImageSource(code.getImageSource())
            .setMute(code.getMute())
            .setRevision(at)
            .setImageTime(code.getImageTime())
            .build();
    PlacedRevision revision =
        new PlacedRevision(
            id,
            Revisions.of(at),
            HashCode.fromBytes(code.getHashCode().toByteArray()),
            fingerprint(code.getFingerprint(), code.getFingerprintQuality()),
            Sha256.of(code.getSha256().toByteArray()),
            placed.getHomePartition(),
            Timestamps.toMillis(code.getImageTime()),
            code.getMute(),
            new Origin(code.getTenant(), code.getImageSource()));
    return new Compared(image, revision, true);
  }

  /// A picture that is sent with the request: as if it arrived now.
  ///
  /// @param id stands for it
  /// @param tenant whose it would be
  public static Compared of(String id, String tenant, EncodeResponse encoded) {
    ComparedImage image =
        image(encoded.getSha256(), encoded.getFingerprint(), encoded.getFingerprintQuality())
            .setWidth(encoded.getWidth())
            .setHeight(encoded.getHeight())
            .setTenant(tenant)
            .build();
    PlacedRevision revision =
        new PlacedRevision(
            id,
            new Revision("", 0, 0),
            HashCode.fromBytes(encoded.getHashCode().toByteArray()),
            fingerprint(encoded.getFingerprint(), encoded.getFingerprintQuality()),
            Sha256.of(encoded.getSha256().toByteArray()),
            0,
            Long.MAX_VALUE,
            false,
            new Origin(tenant, ""));
    return new Compared(image, revision, false);
  }

  private static ComparedImage.Builder image(
      ByteString sha256, ByteString fingerprint, int quality) {
    return ComparedImage.newBuilder()
        .setSha256(HexFormat.of().formatHex(sha256.toByteArray()))
        .setFingerprint(fingerprint(fingerprint, quality).code().toHex())
        .setFingerprintQuality(quality)
        .setFeatureless(fingerprint(fingerprint, quality).isFeatureless());
  }

  private static Fingerprint fingerprint(ByteString bytes, int quality) {
    return new Fingerprint(HashCode.fromBytes(bytes.toByteArray()), quality);
  }
}
