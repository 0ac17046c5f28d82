package dev.mekiki.training.backbone;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.PyTorch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A TorchScript network that somebody else trained: (n, 3, side, side) floats, red, green and blue
/// from -1 to 1, in; (n, features) out.
///
/// @param file the TorchScript
/// @param side pixels that pictures are enlarged to, bilinearly
public record TorchScriptBackbone(Path file, int side) {
  /// The engine's number for it.
  private static final int BILINEAR = 1;

  public TorchScriptBackbone {
    if (side < 8 || side > 1024) {
      throw new IllegalArgumentException("side: %d (expected: 8..1024)".formatted(side));
    }
  }

  /// The network, loaded. Its block does not keep the model's handle alive: keep the model.
  ///
  /// @param trainable whether its parameters are to follow gradients
  /// @param device to run on
  /// @throws IOException where the file cannot be read or is no TorchScript
  Model load(boolean trainable, Device device) throws IOException {
    PyTorch.start(Runtime.getRuntime().availableProcessors());
    Model model = Model.newInstance("backbone", device, "PyTorch");
    try {
      // By its path: the engine has the option for no stream.
      model.load(file.toAbsolutePath(), null, Map.of("trainParam", Boolean.toString(trainable)));
      return model;
    } catch (MalformedModelException | RuntimeException e) {
      model.close();
      throw failure(e);
    } catch (IOException e) {
      model.close();
      throw e;
    }
  }

  /// The error for a network that cannot be loaded or run.
  IOException failure(Exception cause) {
    return new IOException(
        "backbone %s: %s (expected: TorchScript that turns pictures into rows of features)"
            .formatted(file, cause.getMessage()),
        cause);
  }

  /// Pictures as the network reads them.
  ///
  /// @param pixels n pictures of from x from x (red, green, blue), one after another
  public NDArray inputs(NDManager manager, ByteBuffer pixels, int n, int from) {
    return manager
        .create(pixels, new Shape(n, from, from, 3), DataType.UINT8)
        .toType(DataType.FLOAT32, false)
        .transpose(0, 3, 1, 2)
        .getNDArrayInternal()
        .interpolation(new long[] {side, side}, BILINEAR, false)
        .div(127.5f)
        .sub(1);
  }

  /// SHA-256 of the file.
  public byte[] sha256() throws IOException {
    return Sha256Digest.start().digest(Files.readAllBytes(file));
  }
}
