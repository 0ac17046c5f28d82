package dev.mekiki.index.history;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.EarlierRecord;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import java.util.List;

/// The last record of an image that is there, and those before it.
///
/// @param sha256 of its bytes
/// @param time its timestamp
/// @param earlier the records that it has taken the place of, the oldest first
public record Standing(ByteString sha256, Timestamp time, List<EarlierRecord> earlier) {
  /// As placement knows an image.
  public static Standing of(PlacedImage image) {
    ImageCode code = image.getCode();
    return new Standing(
        code.getSha256(),
        image.hasRenewedTime() ? image.getRenewedTime() : code.getImageTime(),
        image.getEarlierRecordsList());
  }

  /// As the search for copies knows an image.
  public static Standing of(CopyImage image, List<EarlierRecord> earlier) {
    return new Standing(
        image.getSha256(),
        image.hasRenewedTime() ? image.getRenewedTime() : image.getImageTime(),
        earlier);
  }
}
