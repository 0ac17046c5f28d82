package dev.mekiki.encoder.decode;

import dev.mekiki.encoder.batch.Network;
import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.hashing.code.HashCode;
import java.util.List;
import java.util.function.Consumer;

/// A network whose every run may be made to fail; its codes are all zeros.
public final class FakeNetwork implements Network {
  private final Consumer<List<PreparedImage>> failing;
  private final Runnable check;

  /// @param failing throws where a batch is to fail
  /// @param check throws where the network is to fail on a blank image
  public FakeNetwork(Consumer<List<PreparedImage>> failing, Runnable check) {
    this.failing = failing;
    this.check = check;
  }

  @Override
  public List<EncodedImage> encode(List<PreparedImage> batch) {
    failing.accept(batch);
    HashCode zeros = HashCode.fromBytes(new byte[8]);
    return batch.stream()
        .map(image ->
            new EncodedImage(
                zeros,
                zeros,
                image.fingerprint(),
                image.sha256(),
                image.width(),
                image.height(),
                image.partial(),
                new byte[0],
                image.contentType()))
        .toList();
  }

  @Override
  public void check() {
    check.run();
  }
}
