package dev.mekiki.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import dev.mekiki.encoding.Sha256Digest;
import dev.mekiki.encoding.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A TorchScript network whose features are used as they are.
///
/// Features are kept in a directory, in a file named by the SHA-256 of network, pictures and side:
/// little-endian floats, row-major.
public final class FrozenBackbone {
  private static final Logger log = LoggerFactory.getLogger(FrozenBackbone.class);
  private static final int BATCH = 50;

  private final TorchScriptBackbone backbone;
  private final Path cache;

  /// @param file the TorchScript: (n, 3, side, side) floats, red, green and blue from -1 to 1, in;
  ///   (n, features) out
  /// @param side pixels that pictures are enlarged to, bilinearly
  /// @param cache directory for features
  public FrozenBackbone(Path file, int side, Path cache) {
    this.backbone = new TorchScriptBackbone(file, side);
    this.cache = cache;
  }

  /// The network itself.
  TorchScriptBackbone network() {
    return backbone;
  }

  /// Told of the pictures behind it.
  public interface Listener {
    /// Called after every batch.
    ///
    /// @param done pictures
    /// @param total of all
    void progress(int done, int total);
  }

  /// The features of all pictures, from the cache where they are there.
  ///
  /// @throws IOException where the network or the cache cannot be read, or the cache not written
  Features features(LabelledImages images, Listener listener) throws IOException {
    Path cached = cache.resolve(key(images) + ".features");
    if (!Files.exists(cached)) {
      WholeFile.write(cached, channel -> extract(images, channel, listener));
    } else {
      log.info("features from cache file={}", cached);
    }
    return read(cached, images);
  }

  private static Features read(Path cached, LabelledImages images) throws IOException {
    try (FileChannel channel = FileChannel.open(cached)) {
      long bytes = channel.size();
      long rowBytes = bytes / images.size();
      if (rowBytes * images.size() != bytes || rowBytes == 0 || rowBytes % Float.BYTES != 0) {
        throw new IOException(
            "features %s: %d bytes (expected: rows of floats for %d pictures); delete it"
                .formatted(cached, bytes, images.size()));
      }
      int length = Math.toIntExact(rowBytes / Float.BYTES);
      float[][] rows = new float[images.size()][length];
      ByteBuffer row = ByteBuffer.allocateDirect((int) rowBytes).order(ByteOrder.LITTLE_ENDIAN);
      for (float[] values : rows) {
        row.clear();
        while (row.hasRemaining()) {
          if (channel.read(row) < 0) {
            throw new IOException("features %s: ends too soon".formatted(cached));
          }
        }
        row.flip().asFloatBuffer().get(values);
      }
      return new Features(rows, images.labels(), images.classNames());
    }
  }

  private void extract(LabelledImages images, FileChannel channel, Listener listener)
      throws IOException {
    try (Model model = backbone.load(false)) {
      int from = images.side();
      int length = 3 * from * from;
      byte[] pixels = new byte[BATCH * length];
      for (int first = 0; first < images.size(); first += BATCH) {
        int n = Math.min(BATCH, images.size() - first);
        for (int i = 0; i < n; i++) {
          System.arraycopy(images.pixels().get(first + i), 0, pixels, i * length, length);
        }
        try (NDManager manager = model.getNDManager().newSubManager()) {
          NDArray batch = backbone.inputs(manager, ByteBuffer.wrap(pixels), BATCH, from);
          NDArray features =
              model
                  .getBlock()
                  .forward(new ParameterStore(manager, false), new NDList(batch), false)
                  .get(0)
                  .toType(DataType.FLOAT32, false);
          float[] values = features.toFloatArray();
          int kept = values.length / BATCH * n;
          ByteBuffer bytes = ByteBuffer.allocate(kept * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values, 0, kept);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        } catch (RuntimeException e) {
          throw backbone.failure(e);
        }
        listener.progress(first + n, images.size());
      }
    }
  }

  private String key(LabelledImages images) throws IOException {
    MessageDigest digest = Sha256Digest.start();
    digest.update(backbone.sha256());
    images.pixels().forEach(digest::update);
    digest.update(
        ByteBuffer.allocate(2 * Integer.BYTES)
            .putInt(images.side())
            .putInt(backbone.side())
            .flip());
    return HexFormat.of().formatHex(digest.digest());
  }
}
