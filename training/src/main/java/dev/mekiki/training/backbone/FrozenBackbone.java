package dev.mekiki.training.backbone;

import ai.djl.ndarray.NDManager;
import dev.mekiki.encoding.io.AtomicFile;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.Backbone;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.training.augmentation.AugmentedViews;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.Prefetcher;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.network.NetworkInputs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A TorchScript network whose features are used as they are.
///
/// Features are kept in a directory, in a file named by the SHA-256 of network, pictures and side,
/// and of the seed where the pictures are edited: little-endian floats, row-major. Not thread-safe.
public final class FrozenBackbone {
  private static final Logger log = LoggerFactory.getLogger(FrozenBackbone.class);
  private static final int BATCH = 50;

  private final Path file;
  private final Preprocessing preprocessing;
  private final Path cache;
  private final TrainingDevice device;
  private byte @Nullable [] torchScript;

  /// @param file the TorchScript
  /// @param side pixels that pictures are brought to, as {@link Preprocessing#backbone} says
  /// @param cache directory for features
  public FrozenBackbone(Path file, int side, Path cache, TrainingDevice device) {
    if (side < 8 || side > 1024) {
      throw new IllegalArgumentException("side: %d (expected: 8..1024)".formatted(side));
    }
    this.file = file;
    this.preprocessing = Preprocessing.backbone(side);
    this.cache = cache;
    this.device = device;
  }

  private FrozenBackbone(FrozenBackbone before, byte[] torchScript) {
    file = before.file;
    preprocessing = before.preprocessing;
    cache = before.cache;
    device = before.device;
    this.torchScript = torchScript;
  }

  /// The same network with other weights.
  ///
  /// @param torchScript of which the features are; not copied
  FrozenBackbone with(byte[] torchScript) {
    return new FrozenBackbone(this, torchScript);
  }

  /// The network itself, to be trained on.
  public TorchScriptBackbone network() {
    return new TorchScriptBackbone(file, preprocessing.inputSize());
  }

  /// Where it computes.
  public TrainingDevice device() {
    return device;
  }

  /// Receives how many pictures are done.
  public interface Listener {
    /// Called after every batch.
    ///
    /// @param done pictures
    /// @param total of all
    void progress(int done, int total);
  }

  /// What pictures are made into for it.
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /// Length of its features, found by running it once.
  ///
  /// @throws IOException where the file cannot be read, or is no TorchScript that gives a row of
  ///   features for each picture
  public int featureLength() throws IOException {
    try (Backbone backbone = load()) {
      return backbone.featureLength(preprocessing.inputSize());
    } catch (IllegalArgumentException e) {
      throw new IOException("backbone %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Name of the file, without its directory.
  public String name() {
    return String.valueOf(file.getFileName());
  }

  /// The file's bytes, as they were when they were first needed; not copied.
  byte[] torchScript() throws IOException {
    byte[] bytes = torchScript;
    if (bytes == null) {
      try {
        bytes = Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        throw new IOException(
            "backbone %s: no such file (expected: a TorchScript file)".formatted(file), e);
      }
      torchScript = bytes;
    }
    return bytes;
  }

  /// SHA-256 of the file, hexadecimal.
  String sha256() throws IOException {
    return HexFormat.of().formatHex(Sha256Digest.start().digest(torchScript()));
  }

  /// The features of all pictures, from the cache where they are there.
  ///
  /// @throws IOException where the network or the cache cannot be read, or the cache not written
  public Features features(LabelledImages images, Listener listener) throws IOException {
    AugmentedViews views = views(images, 0);
    return features(
        images, key(images), image -> views.plain(images.pixels().get(image)), listener);
  }

  /// The features of one edited copy of each picture, from the cache where they are there.
  ///
  /// @param seed of the edits
  /// @throws IOException like {@link #features}
  public Features editedFeatures(LabelledImages images, long seed, Listener listener)
      throws IOException {
    long[] chances = new SplittableRandom(seed).longs(images.size()).toArray();
    MessageDigest digest = key(images);
    digest.update("edited".getBytes(StandardCharsets.US_ASCII));
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
    return features(
        images,
        digest,
        image -> views(images, chances[image]).editedCopy(images.pixels().get(image)),
        listener);
  }

  /// Edits are made at the pictures' own size, as people make them, before they are enlarged.
  private static AugmentedViews views(LabelledImages images, long seed) {
    return new AugmentedViews(Preprocessing.backbone(images.side()), new Random(seed), 0);
  }

  private Features features(
      LabelledImages images, MessageDigest key, IntFunction<float[]> pixels, Listener listener)
      throws IOException {
    Path cached = cache.resolve(HexFormat.of().formatHex(key.digest()) + ".features");
    if (!Files.exists(cached)) {
      AtomicFile.write(
          cached,
          channel -> {
            try {
              extract(images, pixels, channel, listener);
            } catch (RuntimeException e) {
              throw new IOException("backbone %s: %s".formatted(file, e.getMessage()), e);
            }
          });
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

  /// @param pixels plane set of a picture by its number, of the picture's own side; called by
  ///   several threads at a time
  private void extract(
      LabelledImages images, IntFunction<float[]> pixels, FileChannel channel, Listener listener)
      throws IOException {
    Preprocessor preprocessor = new Preprocessor(preprocessing);
    NetworkInputs networkInputs = new NetworkInputs(preprocessing);
    int length = preprocessing.viewLength();
    Prefetcher<float[]> batches =
        new Prefetcher<>(
            Math.ceilDiv(images.size(), BATCH),
            number -> {
              int first = number * BATCH;
              float[] batch = new float[BATCH * length];
              for (int i = 0; i < Math.min(BATCH, images.size() - first); i++) {
                float[] picture = pixels.apply(first + i);
                float[] input = preprocessor.input(preprocessor.resized(picture, images.side()));
                System.arraycopy(input, 0, batch, i * length, length);
              }
              return batch;
            });
    try (Backbone backbone = load();
        NDManager device = NDManager.newBaseManager(this.device.device(), "PyTorch")) {
      for (int first = 0; first < images.size(); first += BATCH) {
        int n = Math.min(BATCH, images.size() - first);
        try (NDManager manager = device.newSubManager()) {
          float[] values =
              backbone.features(networkInputs.of(manager, batches.next())).toFloatArray();
          int kept = values.length / BATCH * n;
          ByteBuffer bytes = ByteBuffer.allocate(kept * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values, 0, kept);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
        listener.progress(first + n, images.size());
      }
    }
  }

  private Backbone load() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(torchScript());
    PyTorch.start(Runtime.getRuntime().availableProcessors());
    return Backbone.load(bytes, device.device());
  }

  private MessageDigest key(LabelledImages images) throws IOException {
    MessageDigest digest = Sha256Digest.start();
    digest.update(Sha256Digest.start().digest(torchScript()));
    images.pixels().forEach(digest::update);
    digest.update(
        ByteBuffer.allocate(2 * Integer.BYTES)
            .putInt(images.side())
            .putInt(preprocessing.inputSize())
            .flip());
    return digest;
  }
}
