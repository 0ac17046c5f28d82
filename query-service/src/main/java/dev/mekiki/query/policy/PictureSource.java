package dev.mekiki.query.policy;

import com.google.protobuf.ByteString;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.PlacedImage;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/// What decisions are about. Its failures may be shown to callers; it blocks.
public interface PictureSource {
  /// An indexed image.
  ///
  /// @param tenant whose it must be; one of another tenant is unknown; null for anybody's
  /// @throws RuntimeException NOT_FOUND naming the id where it is unknown, UNAVAILABLE where nobody
  ///   can say
  PlacedImage indexed(String id, @Nullable String tenant) throws InterruptedException;

  /// What an encoder makes of a picture.
  ///
  /// @throws RuntimeException INVALID_ARGUMENT where it is none, UNAVAILABLE where no encoder
  ///   answers
  EncodeResponse encoded(ByteString picture);

  /// Largest fingerprint distance of DUPLICATE, 0 to 256.
  ///
  /// @throws StatusRuntimeException UNAVAILABLE where no index instance says
  int fingerprintRadius();
}
