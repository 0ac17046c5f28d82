package dev.mekiki.training;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.mekiki.encoding.network.LoadedNetwork;
import dev.mekiki.encoding.network.StoredNetwork;
import dev.mekiki.encoding.preprocess.Preprocessing;
import java.nio.ByteBuffer;
import java.util.Random;

/// What a trained residual network says of pictures, prepared as serving prepares them.
final class NetworkOutputs {
  private static final int BATCH = 250;

  private NetworkOutputs() {}

  /// Takes what the network says.
  interface Receiver {
    /// Takes what it says of one batch.
    ///
    /// @param from number of the batch's first picture
    /// @param pictures in the batch
    /// @param outputs of the last layer, view by view for each picture, row-major
    /// @param features before it, likewise
    void accept(int from, int pictures, float[] outputs, float[] features);
  }

  /// Runs all pictures through a network, in batches and in their order.
  static void of(
      TrainedNetwork network, LabelledImages images, TrainingDevice device, Receiver receiver) {
    Preprocessing preprocessing = network.preprocessing();
    StoredNetwork stored =
        new StoredNetwork(
            network.residual(),
            network.outputs(),
            preprocessing.colour().channels(),
            preprocessing.inputSize(),
            network.shapes(),
            ByteBuffer.wrap(network.weights()),
            null);
    try (LoadedNetwork loaded = LoadedNetwork.of(stored, device.device())) {
      Model model = loaded.model();
      NetworkInputs networkInputs = new NetworkInputs(preprocessing);
      TrainingViews views = new TrainingViews(preprocessing, new Random(0), 0);
      int inputLength = preprocessing.views().size() * preprocessing.viewLength();
      for (int from = 0; from < images.size(); from += BATCH) {
        int n = Math.min(BATCH, images.size() - from);
        float[] inputs = new float[n * inputLength];
        for (int i = 0; i < n; i++) {
          float[] input = views.serving(images.pixels().get(from + i));
          System.arraycopy(input, 0, inputs, i * inputLength, inputLength);
        }
        try (NDManager manager = model.getNDManager().newSubManager()) {
          NDList outputs =
              model
                  .getBlock()
                  .forward(
                      new ParameterStore(manager, false),
                      new NDList(networkInputs.of(manager, inputs)),
                      false);
          receiver.accept(from, n, outputs.get(0).toFloatArray(), outputs.get(1).toFloatArray());
        }
      }
    }
  }
}
