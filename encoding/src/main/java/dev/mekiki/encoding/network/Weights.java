package dev.mekiki.encoding.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
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
              parameter.getKey(),
              Arrays.stream(parameter.getValue().getArray().getShape().getShape())
                  .boxed()
                  .toList()));
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

  /// Fills the parameters of an initialised block.
  ///
  /// @param bytes as many as the block's shapes need; from position 0
  /// @throws IllegalArgumentException where there are more or fewer
  public static void fill(Block block, ByteBuffer bytes) {
    FloatBuffer floats = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    long expected =
        block.getParameters().stream().mapToLong(p -> p.getValue().getArray().size()).sum();
    if (expected != floats.remaining()) {
      throw new IllegalArgumentException(
          "weights: %d values (expected: %d)".formatted(floats.remaining(), expected));
    }
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      NDArray array = parameter.getValue().getArray();
      float[] values = new float[Math.toIntExact(array.size())];
      floats.get(values);
      array.set(values);
    }
  }

  /// A parameter's name and dimensions.
  public record NamedShape(String name, List<Long> shape) {
    public NamedShape {
      shape = List.copyOf(shape);
    }
  }
}
