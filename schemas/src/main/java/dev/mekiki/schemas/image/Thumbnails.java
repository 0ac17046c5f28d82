package dev.mekiki.schemas.image;

import com.google.protobuf.ByteString;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import java.util.zip.CRC32C;

/// The coordinates by which codes name thumbnails.
///
/// A coordinate carries the checksum of the JPEG beside partition and offset. So a reader serves
/// exactly the bytes that were written with the code, or none: an offset alone would mean another
/// record once a topic was deleted and created again.
public final class Thumbnails {
  private Thumbnails() {}

  /// The coordinate of a record on `thumbnails`.
  ///
  /// @param jpeg the record's value
  public static ThumbnailCoordinate at(int partition, long offset, ByteString jpeg) {
    return ThumbnailCoordinate.newBuilder()
        .setPartition(partition)
        .setOffset(offset)
        .setCrc32C(checksum(jpeg))
        .build();
  }

  /// The coordinate of a record on `image-codes` that holds its thumbnail itself.
  ///
  /// @param jpeg the code's thumbnail
  public static ThumbnailCoordinate inCode(int partition, long offset, ByteString jpeg) {
    return at(partition, offset, jpeg).toBuilder().setInCode(true).build();
  }

  /// Whether bytes are those that a coordinate was made for.
  public static boolean matches(ThumbnailCoordinate at, ByteString jpeg) {
    return at.getCrc32C() == checksum(jpeg);
  }

  private static int checksum(ByteString jpeg) {
    CRC32C crc = new CRC32C();
    crc.update(jpeg.asReadOnlyByteBuffer());
    return (int) crc.getValue();
  }
}
