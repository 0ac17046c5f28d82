package dev.mekiki.encoding.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.network.NetworkPredictor.Outputs;
import dev.mekiki.encoding.network.Weights.NamedShape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class NetworkPredictorTest {
  private static final int SIZE = 16;
  private static final int BITS = 16;
  private static final Architecture.Residual TINY =
      new Architecture.Residual(Architecture.Residual.RESNET, 1, 1, List.of(4, 8));

  private static List<NamedShape> shapes = List.of();
  private static byte[] weights = {};

  @BeforeAll
  static void makeRandomWeights() {
    PyTorch.start(1);
    try (Model model = Model.newInstance("tiny", Device.cpu(), "PyTorch")) {
      HashNetwork network = new HashNetwork(TINY, BITS);
      model.setBlock(network);
      network.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, SIZE, SIZE));
      shapes = Weights.shapes(network);
      weights = Weights.toBytes(network);
    }
  }

  @Test
  void outputsComeInTheOrderOfInputsWhateverTheBatch() {
    Random random = new Random(3);
    List<float[]> inputs = new ArrayList<>();
    for (int i = 0; i < 75; i++) {
      float[] input = new float[SIZE * SIZE];
      for (int pixel = 0; pixel < input.length; pixel++) {
        input[pixel] = (float) random.nextGaussian();
      }
      inputs.add(input);
    }
    try (NetworkPredictor predictor = load(TINY, shapes, weights)) {
      Outputs together = predictor.predict(inputs);

      assertThat(together.hash()).hasSize(75 * BITS);
      assertThat(together.features()).hasSize(75 * 8);
      for (int i = 0; i < inputs.size(); i++) {
        Outputs alone = predictor.predict(List.of(inputs.get(i)));
        assertThat(Arrays.copyOfRange(together.hash(), i * BITS, (i + 1) * BITS))
            .containsExactly(alone.hash(), within(1e-3f));
        assertThat(Arrays.copyOfRange(together.features(), i * 8, (i + 1) * 8))
            .containsExactly(alone.features(), within(1e-3f));
      }
    }
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    assertThatThrownBy(() ->
            load(
                new Architecture.Residual(Architecture.Residual.RESNET, 1, 1, List.of(8, 4)),
                shapes,
                weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of shape [4, 1, 3, 3] (expected: [8, 1, 3, 3])");
    assertThatThrownBy(() ->
            load(
                new Architecture.Residual(Architecture.Residual.RESNET, 1, 2, List.of(4, 8)),
                shapes,
                weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights: " + shapes.size() + " parameters");
    assertThatThrownBy(() -> load(TINY, shapes, Arrays.copyOf(weights, weights.length - 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values (expected: ");
  }

  @Test
  void instanceCodesFollowTheSideOfEachHyperplane() {
    InstanceHashing hashing = new InstanceHashing(256, 9, Collections.nCopies(8, 1f));
    float[] normals = hashing.normals();
    float[] features = {3, 0, 1, 2, 5, 0, 0, 1};
    float[] opposite = new float[8];
    for (int i = 0; i < 8; i++) {
      opposite[i] = 2 - features[i];
    }

    assertThat(new InstanceHashing(256, 9, Collections.nCopies(8, 1f)).normals())
        .isEqualTo(normals);
    assertThat(hashing.code(normals, features).distance(hashing.code(normals, opposite)))
        .isEqualTo(256);
  }

  private static NetworkPredictor load(
      Architecture architecture, List<NamedShape> shapes, byte[] weights) {
    return NetworkPredictor.load(
        new StoredNetwork(architecture, BITS, 1, SIZE, shapes, ByteBuffer.wrap(weights), null),
        "cpu",
        2);
  }
}
