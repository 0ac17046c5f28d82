package dev.mekiki.training.backbone;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/// A TorchScript backbone whose parameters follow gradients, with layers on it.
///
/// The backbone must do the same in training as in use: its normalisation is folded into its
/// weights, or has statistics that stay as they are. Statistics that batches move are no
/// parameters, so that no checkpoint would hold them; such a file is refused.
public final class TrainableBackbone implements AutoCloseable {
  /// Largest difference of a feature in training and in use, for each unit of the largest feature:
  /// the engine may add up in another order.
  private static final float SAME = 1e-2f;

  private final TorchScriptBackbone backbone;
  // Keeps the handle of the backbone's block.
  private final Model loaded;
  private final Model model;

  /// The names of its parameters.
  private final Set<String> ofBackbone = new HashSet<>();

  /// @throws IOException where the backbone cannot be read or has no parameters
  public TrainableBackbone(TorchScriptBackbone backbone, SequentialBlock layers, Device device)
      throws IOException {
    this.backbone = backbone;
    this.loaded = backbone.load(true, device);
    this.model = Model.newInstance("fine-tuned", device, "PyTorch");
    model.setBlock(new SequentialBlock().add(loaded.getBlock()).add(layers));
    for (Parameter parameter : loaded.getBlock().getParameters().values()) {
      ofBackbone.add(parameter.getId());
    }
    if (ofBackbone.isEmpty()) {
      close();
      throw new IOException(
          "backbone %s: no parameters (expected: TorchScript that is not frozen)"
              .formatted(backbone.file()));
    }
  }

  /// Backbone and layers.
  public Model model() {
    return model;
  }

  /// Share of the layers' rate at which a parameter of the model learns.
  public float rateShare(Parameter parameter, FineTuningSettings settings) {
    return ofBackbone.contains(parameter.getId()) ? settings.backboneRate() / settings.rate() : 1;
  }

  /// What the layers say of pictures.
  ///
  /// @param pictures (n, 3, side, side), made with the manager they are given
  public float[] outputs(Function<NDManager, NDArray> pictures) {
    return forward(model.getBlock(), pictures, false);
  }

  private float[] forward(Block block, Function<NDManager, NDArray> pictures, boolean training) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs = new NDList(pictures.apply(manager));
      NDList outputs = block.forward(new ParameterStore(manager, false), inputs, training);
      outputs.attach(manager);
      return outputs.singletonOrThrow().toFloatArray();
    }
  }

  /// Checks what the class comment asks for, on some pictures.
  ///
  /// @param pictures like those of {@link #outputs}
  /// @throws IOException where features in training are others than in use
  public void requireSameInTraining(Function<NDManager, NDArray> pictures) throws IOException {
    Block block = loaded.getBlock();
    float[] use = forward(block, pictures, false);
    float[] training = forward(block, pictures, true);
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < use.length; i++) {
      largest = Math.max(largest, Math.abs(use[i]));
      difference = Math.max(difference, Math.abs(use[i] - training[i]));
    }
    if (!(difference <= SAME * largest)) {
      throw new IOException(
          "backbone %s: features differ by %s in training (expected: at most %s; fold its normalisation into its weights and leave dropout out)"
              .formatted(backbone.file(), difference, SAME * largest));
    }
  }

  /// The backbone as it is now, without the layers: TorchScript, for use.
  ///
  /// @param pictures like those of {@link #outputs}; seeing them takes it out of training
  byte[] torchScript(Function<NDManager, NDArray> pictures) {
    forward(loaded.getBlock(), pictures, false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JniUtils.writeModule((PtSymbolBlock) loaded.getBlock(), bytes, false);
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    model.close();
    loaded.close();
  }
}
