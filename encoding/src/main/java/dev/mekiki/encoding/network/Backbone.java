package dev.mekiki.encoding.network;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// A network as TorchScript, loaded on a device: (n, 3, side, side) floats in, (n, features) out.
/// Thread-safe once {@link #featureLength} has been called.
///
/// TorchScript is a program, which the engine's own interpreter runs.
public final class Backbone implements AutoCloseable {
  private static final String EXPECTED =
      " (expected: TorchScript that turns pictures into rows of features)";

  private final Model model;

  private Backbone(Model model) {
    this.model = model;
  }

  /// Loads it. The engine must have been started.
  ///
  /// @param torchScript the file's bytes, from their position on
  /// @throws IllegalArgumentException where the engine cannot read them
  public static Backbone load(ByteBuffer torchScript, Device device) {
    byte[] bytes = new byte[torchScript.remaining()];
    torchScript.duplicate().get(bytes);
    Model model = Model.newInstance("backbone", device, "PyTorch");
    try {
      // Onto this device, wherever it was when it was saved.
      model.load(new ByteArrayInputStream(bytes), Map.of("mapLocation", "true"));
      return new Backbone(model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new IllegalArgumentException(firstLine(e) + EXPECTED, e);
    }
  }

  /// The features of pictures, of the pictures' manager.
  ///
  /// @param pictures (n, 3, side, side)
  /// @throws IllegalArgumentException where it cannot run on these, or gives no row for each
  public NDArray features(NDArray pictures) {
    NDList outputs;
    try {
      outputs =
          model
              .getBlock()
              .forward(
                  new ParameterStore(pictures.getManager(), false), new NDList(pictures), false);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(firstLine(e) + EXPECTED, e);
    }
    Shape shape = outputs.size() == 1 ? outputs.get(0).getShape() : new Shape();
    long n = pictures.getShape().get(0);
    if (shape.dimension() != 2 || shape.get(0) != n || shape.get(1) < 1) {
      throw new IllegalArgumentException(
          "%d arrays of shapes %s for %d pictures%s"
              .formatted(
                  outputs.size(), outputs.stream().map(NDArray::getShape).toList(), n, EXPECTED));
    }
    return outputs.get(0).toType(DataType.FLOAT32, false);
  }

  /// Length of its features, found by running it on two black pictures.
  ///
  /// @throws IllegalArgumentException where it cannot run on pictures of this side, or gives no row
  ///   for each
  public int featureLength(int side) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray black = manager.zeros(new Shape(2, 3, side, side)).sub(1);
      return Math.toIntExact(features(black).getShape().get(1));
    }
  }

  /// What went wrong, without the trace that the engine's interpreter adds to it.
  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  @Override
  public void close() {
    model.close();
  }
}
