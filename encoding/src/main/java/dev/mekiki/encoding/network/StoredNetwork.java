package dev.mekiki.encoding.network;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A network outside the engine.
///
/// @param outputs of the last layer: bits of the hash code
/// @param channels of the input
/// @param size of the input in pixels, the same both ways
/// @param shapes as {@link Weights#shapes} gives them
/// @param weights as {@link Weights} writes them; not copied
/// @param backbone the TorchScript of an {@link Architecture.TorchScript}, null for others; not
///   copied
public record StoredNetwork(
    Architecture architecture,
    int outputs,
    int channels,
    int size,
    List<Weights.NamedShape> shapes,
    ByteBuffer weights,
    @Nullable ByteBuffer backbone) {
  public StoredNetwork {
    shapes = List.copyOf(shapes);
    if ((backbone != null) != (architecture instanceof Architecture.TorchScript)) {
      throw new IllegalArgumentException(
          "backbone: %s (expected: one for the family %s alone)"
              .formatted(
                  backbone == null ? "none" : backbone.remaining() + " bytes",
                  Architecture.TorchScript.TORCHSCRIPT));
    }
  }
}
