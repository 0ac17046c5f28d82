package dev.mekiki.training.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.preprocess.Preprocessing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Brings views of pictures to the engine, by way of one buffer: buffers made for each step would
/// wait for collection outside the heap. Not thread-safe.
public final class NetworkInputs {
  private final int size;
  private final int channels;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  public NetworkInputs(Preprocessing preprocessing) {
    this.size = preprocessing.inputSize();
    this.channels = preprocessing.colour().channels();
  }

  /// Pictures with their channels last, seen as channels first: convolutions on a CPU run a quarter
  /// faster on this layout, and the engine has no call for it.
  ///
  /// @param inputs views one after another, size x size x channels each
  /// @return (n, channels, size, size), of the manager; valid until the next call
  public NDArray of(NDManager manager, float[] inputs) {
    int bytes = inputs.length * Float.BYTES;
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    buffer.clear().limit(bytes);
    buffer.asFloatBuffer().put(inputs);
    long n = inputs.length / ((long) size * size * channels);
    return manager
        .create(buffer, new Shape(n, size, size, channels), DataType.FLOAT32)
        .transpose(0, 3, 1, 2);
  }

  /// Shape of one view, for initialising a network.
  public Shape shape() {
    return new Shape(1, channels, size, size);
  }
}
