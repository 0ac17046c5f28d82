package dev.mekiki.encoding.bundle;

import dev.mekiki.encoding.io.AtomicFile;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.network.StoredNetwork;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.hashing.center.CenterTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trained network with everything that belongs to it, read from or about to become one file.
/// Immutable; every instance is verified: sizes, SHA-256, shapes and the network id agree with the
/// manifest.
public final class Bundle {
  /// Name of the built-in bundle's file among the module's resources.
  private static final String BUILT_IN = "default.mekiki";

  private final String source;
  private final Manifest manifest;
  private final CenterTable centers;
  private final byte[] weights;
  private final byte @Nullable [] backbone;

  Bundle(
      String source,
      Manifest manifest,
      CenterTable centers,
      byte[] weights,
      byte @Nullable [] backbone) {
    this.source = source;
    this.manifest = manifest;
    this.centers = centers;
    this.weights = weights;
    this.backbone = backbone;
  }

  /// The bundle that is part of Mekiki, trained by its own `train` command.
  public static Bundle builtIn() {
    try (InputStream in = Bundle.class.getResourceAsStream("/dev/mekiki/encoding/" + BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException("built-in bundle: not on the class path");
      }
      return BundleFormat.read(BUILT_IN, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bundle in a file.
  ///
  /// @throws BundleException where the file is no bundle, or is damaged or changed
  /// @throws IOException where it cannot be read
  public static Bundle read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > BundleFormat.MAX_BYTES) {
      throw new BundleException(
          "bundle %s: %d bytes (expected: at most %d)"
              .formatted(file, size, BundleFormat.MAX_BYTES));
    }
    return BundleFormat.read(file.toString(), Files.readAllBytes(file));
  }

  /// A new bundle of a freshly trained network.
  ///
  /// @param description names, shapes and history; its sizes and hashes are computed here
  /// @param centers of the table's number of bits
  /// @param weights all tensors in the order of the description, little-endian 32-bit floats; what
  ///   was measured should have been rounded to the precision before
  /// @param backbone the TorchScript of an {@link Architecture.TorchScript}, null for others; not
  ///   copied
  /// @throws BundleException where these do not fit together
  /// @throws IllegalArgumentException where a weight has no place in the precision
  public static Bundle of(
      Description description, CenterTable centers, byte[] weights, byte @Nullable [] backbone)
      throws BundleException {
    return BundleFormat.assemble(
        description, centers, description.precision().encode(weights), backbone);
  }

  /// The same network with other centers: its id stays, and so do all codes. What the manifest says
  /// of training stays too, metrics that were measured with the old centers included, but for the
  /// settings given.
  ///
  /// @param others of the network's number of bits
  /// @param settings how these centers were made, by name; they come beside the settings of
  ///   training, or in their place
  /// @throws BundleException where the centers are of another number of bits
  public Bundle withCenters(CenterTable others, Map<String, String> settings)
      throws BundleException {
    if (others.bits() != manifest.bits()) {
      throw new BundleException(
          "bundle %s: centers of %d bits (expected: %d, the manifest's)"
              .formatted(source, others.bits(), manifest.bits()));
    }
    Manifest.Training training = manifest.training();
    Map<String, String> all = new HashMap<>(training.settings());
    all.putAll(settings);
    return BundleFormat.assemble(
        new Description(
            manifest.name(),
            manifest.architecture(),
            manifest.preprocessing(),
            manifest.instanceHashing(),
            manifest.parameters(),
            manifest.precision(),
            new Manifest.Training(
                training.command(),
                training.data(),
                training.seed(),
                training.epochs(),
                training.images(),
                all,
                training.metrics()),
            manifest.licence()),
        others,
        weights,
        backbone);
  }

  /// Writes the bundle; the file appears whole or not at all.
  public void write(Path file) throws IOException {
    AtomicFile.write(file, BundleFormat.write(this));
  }

  /// Where the bundle comes from: a file's path, or the name of the built-in one.
  public String source() {
    return source;
  }

  public Manifest manifest() {
    return manifest;
  }

  /// Content hash of the network (weights and backbone, architecture, preprocessing, instance
  /// hashing): 16 hexadecimal digits, the form that topic names carry. Two bundles that differ only
  /// in centers or in what they say of their training hold the same network.
  public String networkId() {
    return manifest.networkId();
  }

  public CenterTable centers() {
    return centers;
  }

  /// All tensors of {@link Manifest#parameters} in order, read-only: little-endian 32-bit floats,
  /// whatever the precision in which they are stored.
  public ByteBuffer weights() {
    return ByteBuffer.wrap(manifest.precision().decode(weights)).asReadOnlyBuffer();
  }

  /// The network as the engine takes it.
  public StoredNetwork network() {
    Preprocessing preprocessing = manifest.preprocessing();
    return new StoredNetwork(
        manifest.architecture(),
        manifest.bits(),
        preprocessing.colour().channels(),
        preprocessing.inputSize(),
        manifest.parameters().stream()
            .map(tensor -> new Weights.NamedShape(tensor.name(), tensor.shape()))
            .toList(),
        weights(),
        backbone == null ? null : ByteBuffer.wrap(backbone).asReadOnlyBuffer());
  }

  /// The weights file.
  byte[] weightBytes() {
    return weights;
  }

  /// The backbone file; null where the architecture has none.
  byte @Nullable [] backboneBytes() {
    return backbone;
  }

  /// What a new bundle is made of besides centers and weights; see {@link Manifest}.
  ///
  /// @param name for people
  /// @param architecture of the network
  /// @param preprocessing what it reads
  /// @param instanceHashing how instance codes come of its features
  /// @param parameters the tensors, in order
  /// @param precision in which they are stored
  /// @param training how it was made
  /// @param licence of the weights
  public record Description(
      String name,
      Architecture architecture,
      Preprocessing preprocessing,
      InstanceHashing instanceHashing,
      List<Manifest.Tensor> parameters,
      Precision precision,
      Manifest.Training training,
      String licence) {
    public Description {
      parameters = List.copyOf(parameters);
    }

    Manifest manifest(int bits, String networkId, Map<String, Manifest.FileEntry> files) {
      return new Manifest(
          Manifest.FORMAT_VERSION,
          name,
          networkId,
          bits,
          architecture,
          preprocessing,
          instanceHashing,
          files,
          parameters,
          precision,
          training,
          licence);
    }
  }
}
