package dev.mekiki.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.encoding.network.Weights.NamedShape;
import dev.mekiki.encoding.preprocess.Preprocessing;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/// A trained classifier.
///
/// @param shapes of its parameters, the backbone's first and then those of the last layer
/// @param weights as `Weights` writes them; not copied
@SuppressWarnings("ArrayRecordComponent") // never compared
record Classifier(
    Architecture architecture,
    Preprocessing preprocessing,
    List<String> classNames,
    List<NamedShape> shapes,
    byte[] weights) {
  private static final int BATCH = 250;

  Classifier {
    classNames = List.copyOf(classNames);
    shapes = List.copyOf(shapes);
  }

  /// The outputs before softmax for each picture, the mean over its views, row-major: one row of as
  /// many values as there are classes for each picture.
  float[] logits(LabelledImages images) {
    int classes = classNames.size();
    float[] logits = new float[images.size() * classes];
    int views = preprocessing.views().size();
    int inputLength = views * preprocessing.viewLength();
    TrainingViews inputsOf = new TrainingViews(preprocessing, new Random(0), 0);
    NetworkInputs networkInputs = new NetworkInputs(preprocessing);
    try (Model model = Model.newInstance("classifier", Device.cpu(), "PyTorch")) {
      HashNetwork network = new HashNetwork(architecture, classes);
      model.setBlock(network);
      Weights.load(
          network, model.getNDManager(), networkInputs.shape(), shapes, ByteBuffer.wrap(weights));
      for (int from = 0; from < images.size(); from += BATCH) {
        int n = Math.min(BATCH, images.size() - from);
        float[] inputs = new float[n * inputLength];
        for (int i = 0; i < n; i++) {
          float[] input = inputsOf.serving(images.pixels().get(from + i));
          System.arraycopy(input, 0, inputs, i * inputLength, inputLength);
        }
        try (NDManager manager = model.getNDManager().newSubManager()) {
          NDList outputs =
              network.forward(
                  new ParameterStore(manager, false),
                  new NDList(networkInputs.of(manager, inputs)),
                  false);
          float[] values = outputs.get(0).toFloatArray();
          for (int row = 0; row < n * views; row++) {
            for (int c = 0; c < classes; c++) {
              logits[(from + row / views) * classes + c] += values[row * classes + c] / views;
            }
          }
        }
      }
    }
    return logits;
  }
}
