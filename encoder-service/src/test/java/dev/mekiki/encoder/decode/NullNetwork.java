package dev.mekiki.encoder.decode;

import dev.mekiki.encoder.batch.Network;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.PreparedImage;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/// A defective network, whose codes are missing.
@NullUnmarked
final class NullNetwork implements Network {
  @Override
  public List<EncodedImage> encode(List<PreparedImage> batch) {
    return batch.stream()
        .map(_ ->
            new EncodedImage(null, null, null, new byte[32], 1, 1, false, new byte[0], "image/png"))
        .toList();
  }

  @Override
  public void check() {}
}
