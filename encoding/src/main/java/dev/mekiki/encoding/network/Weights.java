package dev.mekiki.encoding.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A network's parameters as plain bytes: one after another in the order of the block's own list,
/// each as row-major little-endian 32-bit floats. Unlike the engine's own files these say nothing
/// of themselves; names and shapes stand in the bundle's manifest and are checked against the
/// block.
public final class Weights {
  private Weights() {}

  /// Name and shape of each parameter of an initialised block, in order.
  public static List<NamedShape> shapes(Block block) {
    List<NamedShape> shapes = new ArrayList<>();
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      shapes.add(
          new NamedShape(
              parameter.getKey(), dimensions(parameter.getValue().getArray().getShape())));
    }
    return shapes;
  }

  /// All parameters of an initialised block.
  public static byte[] toBytes(Block block) {
    long values =
        block.getParameters().stream().mapToLong(p -> p.getValue().getArray().size()).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(values * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      for (float value : parameter.getValue().getArray().toFloatArray()) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
  }

  /// Initialises a block with the given parameters in place of random ones. Parameters that are
  /// there already, as those of TorchScript are from the start, are written over.
  ///
  /// @param block not initialised yet, or in part
  /// @param manager that the parameters will belong to
  /// @param input shape of the block's input
  /// @param shapes as {@link #shapes} gives them for such a block
  /// @param bytes from position 0, as many as these shapes need
  /// @throws IllegalArgumentException where shapes or bytes are not those of the block
  public static void load(
      Block block, NDManager manager, Shape input, List<NamedShape> shapes, ByteBuffer bytes) {
    FloatBuffer floats = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    long expected = shapes.stream().mapToLong(NamedShape::size).sum();
    ParameterList parameters = block.getParameters();
    if (parameters.size() != shapes.size() || expected != floats.remaining()) {
      throw new IllegalArgumentException(
          "weights: %d parameters of %d values (expected: %d of %d)"
              .formatted(shapes.size(), floats.remaining(), parameters.size(), expected));
    }
    for (int i = 0; i < shapes.size(); i++) {
      NamedShape recorded = shapes.get(i);
      float[] values = new float[Math.toIntExact(recorded.size())];
      floats.get(values);
      Parameter parameter = parameters.valueAt(i);
      if (parameter.isInitialized()) {
        write(parameter.getArray(), recorded, values);
        continue;
      }
      // By way of the initializer, because writing into an array that is there already makes the
      // engine print a warning of its own to stderr.
      parameter.setInitializer((owner, shape, type) -> {
        check(recorded, shape);
        return owner.create(values, shape);
      });
    }
    block.initialize(manager, DataType.FLOAT32, input);
  }

  private static void write(NDArray array, NamedShape recorded, float[] values) {
    check(recorded, array.getShape());
    // The engine refuses to write where gradients are followed.
    boolean follows = array.hasGradient();
    array.setRequiresGradient(false);
    array.set(values);
    array.setRequiresGradient(follows);
  }

  private static void check(NamedShape recorded, Shape shape) {
    if (!dimensions(shape).equals(recorded.shape())) {
      throw new IllegalArgumentException(
          "weights: %s of shape %s (expected: %s)"
              .formatted(recorded.name(), recorded.shape(), dimensions(shape)));
    }
  }

  private static List<Long> dimensions(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }

  /// A parameter's name and dimensions.
  public record NamedShape(String name, List<Long> shape) {
    public NamedShape {
      shape = List.copyOf(shape);
    }

    /// Number of values.
    long size() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }
}
