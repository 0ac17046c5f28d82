package dev.mekiki.training.network;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.mekiki.encoding.network.LoadedNetwork;
import dev.mekiki.encoding.network.StoredNetwork;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.training.augmentation.AugmentedViews;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.data.Prefetcher;
import dev.mekiki.training.loop.TrainingDevice;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntFunction;

/// The outputs of a trained residual network for pictures that are prepared as in serving.
public final class NetworkOutputs {
  /// Views that the network sees at once: more take more memory, and longer for it.
  private static final int BATCH_VIEWS = 500;

  private NetworkOutputs() {}

  /// Receives outputs.
  public interface Receiver {
    /// Receives the outputs of one batch.
    ///
    /// @param from number of the batch's first picture
    /// @param pictures in the batch
    /// @param outputs of the last layer, view by view for each picture, row-major
    /// @param features before it, likewise
    void accept(int from, int pictures, float[] outputs, float[] features);
  }

  /// Runs all pictures through a network, in batches and in their order.
  public static void of(
      TrainedNetwork network, LabelledImages images, TrainingDevice device, Receiver receiver) {
    AugmentedViews views = new AugmentedViews(network.preprocessing(), new Random(0), 0);
    of(
        network,
        images.size(),
        image -> views.serving(images.pixels().get(image)),
        device,
        receiver);
  }

  /// The same for pictures that are prepared on demand.
  ///
  /// @param size number of pictures
  /// @param serving the input that serving would make of a picture by its number, all views of it;
  ///   called by several threads at a time
  public static void of(
      TrainedNetwork network,
      int size,
      IntFunction<float[]> serving,
      TrainingDevice device,
      Receiver receiver) {
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
      int batch = Math.max(1, BATCH_VIEWS / preprocessing.views().size());
      int inputLength = preprocessing.views().size() * preprocessing.viewLength();
      Prefetcher<float[]> batches =
          new Prefetcher<>(
              Math.ceilDiv(size, batch),
              number -> {
                int from = number * batch;
                float[] inputs = new float[Math.min(batch, size - from) * inputLength];
                for (int i = 0; i * inputLength < inputs.length; i++) {
                  float[] input = serving.apply(from + i);
                  System.arraycopy(input, 0, inputs, i * inputLength, inputLength);
                }
                return inputs;
              });
      for (int from = 0; from < size; from += batch) {
        float[] inputs = batches.next();
        int n = inputs.length / inputLength;
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
