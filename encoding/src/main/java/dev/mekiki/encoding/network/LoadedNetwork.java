package dev.mekiki.encoding.network;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jspecify.annotations.Nullable;

/// A network on its device, ready to be asked.
public final class LoadedNetwork implements AutoCloseable {
  private final Model model;
  private final @Nullable Backbone backbone;

  private LoadedNetwork(Model model, @Nullable Backbone backbone) {
    this.model = model;
    this.backbone = backbone;
  }

  /// Loads a network. The engine must have been started.
  ///
  /// @throws IllegalArgumentException where its parts do not fit together
  public static LoadedNetwork of(StoredNetwork stored, Device device) {
    Backbone backbone = null;
    Model model = Model.newInstance("mekiki", device, "PyTorch");
    try {
      Block block =
          switch (stored.architecture()) {
            case Architecture.Residual residual -> new HashNetwork(residual, stored.outputs());
            case Architecture.TorchScript torchScript -> {
              backbone = Backbone.load(requireNonNull(stored.backbone()), device);
              requireFeatures(backbone.featureLength(stored.size()), torchScript);
              yield new BackboneNetwork(backbone, torchScript, stored.outputs());
            }
          };
      model.setBlock(block);
      Weights.load(
          block,
          model.getNDManager(),
          new Shape(1, stored.channels(), stored.size(), stored.size()),
          stored.shapes(),
          stored.weights());
      // Else the engine notes what it computes, for gradients that nobody asks for, and refuses to
      // do so with what TorchScript gives.
      block.freezeParameters(true);
      return new LoadedNetwork(model, backbone);
    } catch (RuntimeException e) {
      model.close();
      if (backbone != null) {
        backbone.close();
      }
      throw e;
    }
  }

  private static void requireFeatures(int length, Architecture.TorchScript architecture) {
    if (length != architecture.features()) {
      throw new IllegalArgumentException(
          "backbone: %d features (expected: %d)".formatted(length, architecture.features()));
    }
  }

  /// The model whose block turns (n, channels, size, size) floats into the outputs of the last
  /// layer before its tanh, (n, outputs), and the features, (n, features). It lives as long as this
  /// does.
  public Model model() {
    return model;
  }

  @Override
  public void close() {
    model.close();
    if (backbone != null) {
      backbone.close();
    }
  }
}
