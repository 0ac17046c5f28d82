package dev.mekiki.training.network;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.encoding.bundle.Precision;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.network.StoredNetwork;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.encoding.network.Weights.NamedShape;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A trained network outside the engine: a classifier, or a hash network.
///
/// @param outputs of the last layer
/// @param shapes of all parameters that were trained, weight and bias of the last layer at the end:
///   those of a residual network before them, or of the layers on a backbone's features
/// @param weights as `Weights` writes them; not copied
@SuppressWarnings("ArrayRecordComponent") // megabytes that pass through, never compared
public record TrainedNetwork(
    Architecture architecture,
    Preprocessing preprocessing,
    int outputs,
    List<NamedShape> shapes,
    byte[] weights) {
  public TrainedNetwork {
    shapes = List.copyOf(shapes);
  }

  public static TrainedNetwork of(
      Architecture architecture, Preprocessing preprocessing, int outputs, Block block) {
    return new TrainedNetwork(
        architecture, preprocessing, outputs, Weights.shapes(block), Weights.toBytes(block));
  }

  /// Gives a block this network's weights.
  ///
  /// @param input shape of the input for one picture
  public void load(Block block, NDManager manager, Shape input) {
    Weights.load(block, manager, input, shapes, ByteBuffer.wrap(weights));
  }

  /// The network of a bundle, without the backbone it may stand on.
  public static TrainedNetwork of(Bundle bundle) {
    StoredNetwork stored = bundle.network();
    byte[] weights = new byte[stored.weights().remaining()];
    stored.weights().get(weights);
    return new TrainedNetwork(
        stored.architecture(),
        bundle.manifest().preprocessing(),
        stored.outputs(),
        stored.shapes(),
        weights);
  }

  /// A bundle with this network in the place of the one that it was made of. Centers stay.
  ///
  /// @param featureMean that instance codes are taken from
  /// @param training what the manifest says of it
  public Bundle inPlaceOf(
      Bundle before, String name, List<Float> featureMean, Manifest.Training training)
      throws IOException {
    Manifest manifest = before.manifest();
    return Bundle.of(
        new Bundle.Description(
            name,
            architecture,
            preprocessing,
            new InstanceHashing(
                manifest.instanceHashing().bits(), manifest.instanceHashing().seed(), featureMean),
            manifest.parameters(),
            manifest.precision(),
            training,
            manifest.licence()),
        before.centers(),
        weights,
        null);
  }

  /// Requires a residual network.
  ///
  /// @throws IllegalArgumentException where the network of a bundle is not a residual one
  public static void requireResidual(Bundle bundle) {
    if (!(bundle.manifest().architecture() instanceof Architecture.Residual)) {
      throw new IllegalArgumentException(
          "bundle %s: a network on a backbone (expected: one of `train --backbone small`)"
              .formatted(bundle.source()));
    }
  }

  /// The shape of a residual network.
  ///
  /// @throws IllegalStateException where it is another one
  public Architecture.Residual residual() {
    if (architecture instanceof Architecture.Residual residual) {
      return residual;
    }
    throw new IllegalStateException(
        "network: %s (expected: a residual one)".formatted(architecture));
  }

  /// The shape of layers on a backbone.
  ///
  /// @throws IllegalStateException where it is another one
  public Architecture.TorchScript torchScript() {
    if (architecture instanceof Architecture.TorchScript torchScript) {
      return torchScript;
    }
    throw new IllegalStateException(
        "network: %s (expected: layers on a backbone)".formatted(architecture));
  }

  /// The same with its weights as a bundle of this precision holds them.
  public TrainedNetwork rounded(Precision precision) {
    return new TrainedNetwork(
        architecture, preprocessing, outputs, shapes, precision.rounded(weights));
  }

  /// The network that says of a picture's luma what this one says of the picture in grey: the
  /// weights of its first layer are added up over the channels.
  public TrainedNetwork inLuma() {
    if (preprocessing.colour() == Colour.LUMA) {
      return this;
    }
    NamedShape first = shapes.getFirst();
    List<Long> shape = first.shape();
    int filters = Math.toIntExact(shape.get(0));
    int channels = Math.toIntExact(shape.get(1));
    int area = Math.toIntExact(shape.get(2) * shape.get(3));
    int before = filters * channels * area * Float.BYTES;
    int after = filters * area * Float.BYTES;
    ByteBuffer from = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer bytes =
        ByteBuffer.allocate(weights.length - before + after).order(ByteOrder.LITTLE_ENDIAN);
    for (int filter = 0; filter < filters; filter++) {
      for (int i = 0; i < area; i++) {
        float sum = 0;
        for (int channel = 0; channel < channels; channel++) {
          sum += from.getFloat(((filter * channels + channel) * area + i) * Float.BYTES);
        }
        bytes.putFloat(sum);
      }
    }
    bytes.put(weights, before, weights.length - before);
    List<NamedShape> lumaShapes = new ArrayList<>(shapes);
    lumaShapes.set(
        0, new NamedShape(first.name(), List.of(shape.get(0), 1L, shape.get(2), shape.get(3))));
    return new TrainedNetwork(
        architecture, preprocessing.inLuma(), outputs, lumaShapes, bytes.array());
  }

  /// The network between this one and another of the same shapes.
  ///
  /// @param share of the way to the other, 0 to 1
  public TrainedNetwork toward(TrainedNetwork other, float share) {
    FloatBuffer from = floats(weights);
    FloatBuffer to = floats(other.weights);
    ByteBuffer between = ByteBuffer.allocate(weights.length).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      float weight = from.get();
      between.putFloat(weight + share * (to.get() - weight));
    }
    return new TrainedNetwork(architecture, preprocessing, outputs, shapes, between.array());
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /// The same with its outputs averaged over other views.
  public TrainedNetwork over(List<View> views) {
    return new TrainedNetwork(architecture, preprocessing.over(views), outputs, shapes, weights);
  }

  /// The same backbone with a new last layer: Gaussian weights of variance 1 / features, so that
  /// outputs have the size of the features, and no bias.
  public TrainedNetwork withLastLayer(int newOutputs, long seed) {
    int features = architecture.features();
    int backbone = weights.length - (features + 1) * outputs * Float.BYTES;
    ByteBuffer bytes =
        ByteBuffer.allocate(backbone + (features + 1) * newOutputs * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(weights, 0, backbone);
    Random random = new Random(seed);
    for (int i = 0; i < features * newOutputs; i++) {
      bytes.putFloat((float) (random.nextGaussian() / Math.sqrt(features)));
    }
    List<NamedShape> newShapes = new ArrayList<>(shapes.subList(0, shapes.size() - 2));
    newShapes.add(
        new NamedShape(
            shapes.get(shapes.size() - 2).name(), List.of((long) newOutputs, (long) features)));
    newShapes.add(new NamedShape(shapes.getLast().name(), List.of((long) newOutputs)));
    return new TrainedNetwork(architecture, preprocessing, newOutputs, newShapes, bytes.array());
  }
}
