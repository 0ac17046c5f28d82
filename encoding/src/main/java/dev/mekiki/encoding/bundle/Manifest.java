package dev.mekiki.encoding.bundle;

import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.preprocess.Preprocessing;
import java.util.List;
import java.util.Map;

/// What a bundle says of itself: `manifest.json`.
///
/// @param formatVersion of the bundle: {@link #FORMAT_VERSION}. Bundles of the versions before it,
///   from {@link #OLDEST_FORMAT_VERSION} on, are read as if they were written anew.
/// @param name for people
/// @param networkId content hash of weights, backbone, architecture, preprocessing and instance
///   hashing
/// @param bits q of the hash codes
/// @param architecture of the network
/// @param preprocessing what the network reads
/// @param instanceHashing how instance codes come of features
/// @param files size and SHA-256 of each other file in the bundle, by name
/// @param parameters the tensors in the weights file, in order
/// @param precision in which they are stored; version 1 knew {@link Precision#FLOAT32} alone and
///   did not say
/// @param training how the network was made and what was measured
/// @param licence of the weights
public record Manifest(
    int formatVersion,
    String name,
    String networkId,
    int bits,
    Architecture architecture,
    Preprocessing preprocessing,
    InstanceHashing instanceHashing,
    Map<String, FileEntry> files,
    List<Tensor> parameters,
    Precision precision,
    Training training,
    String licence) {
  public static final int FORMAT_VERSION = 2;
  public static final int OLDEST_FORMAT_VERSION = 1;

  public Manifest {
    files = Map.copyOf(files);
    parameters = List.copyOf(parameters);
  }

  /// One file of the bundle.
  ///
  /// @param size bytes
  /// @param sha256 hexadecimal
  public record FileEntry(long size, String sha256) {}

  /// One parameter of the network.
  ///
  /// @param name as the network's blocks name it
  /// @param shape its dimensions
  public record Tensor(String name, List<Long> shape) {
    public Tensor {
      shape = List.copyOf(shape);
    }

    /// Number of values.
    public long size() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /// How the network was made.
  ///
  /// @param command that makes it again
  /// @param data what it was trained on
  /// @param seed of centers, initial weights, order of the images and their augmentation
  /// @param epochs passes over the training images
  /// @param images number of training images
  /// @param settings every other setting that had a say, by name
  /// @param metrics what was measured, by name
  public record Training(
      String command,
      String data,
      long seed,
      int epochs,
      int images,
      Map<String, String> settings,
      Map<String, Double> metrics) {
    public Training {
      settings = Map.copyOf(settings);
      metrics = Map.copyOf(metrics);
    }
  }
}
