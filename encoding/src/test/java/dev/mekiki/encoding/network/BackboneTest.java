package dev.mekiki.encoding.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.mekiki.encoding.network.NetworkPredictor.Outputs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class BackboneTest {
  private static final int SIDE = 8;
  private static final int HIDDEN = 4;
  private static final int BITS = 16;

  private static List<Weights.NamedShape> shapes = List.of();
  private static byte[] weights = {};

  @BeforeAll
  static void makeRandomLayers() {
    PyTorch.start(1).setRandomSeed(5);
    try (Model model = Model.newInstance("layers", Device.cpu(), "PyTorch")) {
      Block layers = FeatureLayers.of(HIDDEN, BITS, 0.5f);
      model.setBlock(layers);
      layers.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
      shapes = Weights.shapes(layers);
      weights = Weights.toBytes(layers);
    }
  }

  @Test
  void featuresGoThroughTheLayersWhateverTheBatch() {
    float[] red = new float[SIDE * SIDE * 3];
    float[] blue = new float[SIDE * SIDE * 3];
    for (int i = 0; i < red.length; i += 3) {
      red[i] = 0.5f;
      blue[i + 2] = 2;
    }
    try (NetworkPredictor predictor =
        NetworkPredictor.load(stored(3, TinyBackbone.means()), "cpu", 2)) {
      Outputs outputs = predictor.predict(List.of(red, blue));

      assertThat(outputs.features())
          .containsExactly(new float[] {0.5f, 0, 0, 0, 0, 2}, within(1e-6f));
      assertThat(outputs.hash()).hasSize(2 * BITS);
      assertThat(predictor.predict(List.of(blue)).hash())
          .containsExactly(Arrays.copyOfRange(outputs.hash(), BITS, 2 * BITS), within(1e-6f));
      assertThat(outputs.hash()[0]).isNotEqualTo(outputs.hash()[BITS]);
    }
  }

  @Test
  void bytesThatAreNoTorchScriptAreRefused() {
    assertThatThrownBy(() -> Backbone.load(StandardCharsets.US_ASCII.encode("hello"), Device.cpu()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: TorchScript that turns pictures into rows of features)")
        .hasMessageNotContaining("\n");
  }

  @Test
  void outputThatIsNoRowForEachPictureIsRefused() {
    assertThatThrownBy(() -> lengthOf("torch.mean(x, [2])"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 arrays of shapes [(2, 3, 8)] for 2 pictures (expected: ");
    assertThatThrownBy(() -> lengthOf("torch.mean(x, [0, 1])"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 arrays of shapes [(8, 8)] for 2 pictures (expected: ");
  }

  @Test
  void networkThatCannotRunOnPicturesIsRefused() {
    assertThatThrownBy(() -> lengthOf("torch.mean(x, [7])"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: TorchScript that turns pictures into rows of features)");
  }

  @Test
  void otherNumberOfFeaturesThanTheLayersWereTrainedOnIsRefused() {
    assertThatThrownBy(
            () -> NetworkPredictor.load(stored(4, TinyBackbone.means()), "cpu", 1).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backbone: 3 features (expected: 4)");
  }

  @Test
  void networkWithoutItsBackboneIsRefused() {
    assertThatThrownBy(() -> stored(3, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backbone: none (expected: one for the family torchscript alone)");
  }

  private static int lengthOf(String expression) {
    try (Backbone backbone =
        Backbone.load(ByteBuffer.wrap(TinyBackbone.of(expression)), Device.cpu())) {
      return backbone.featureLength(SIDE);
    }
  }

  private static StoredNetwork stored(int features, byte @Nullable [] backbone) {
    return new StoredNetwork(
        new Architecture.TorchScript(features, HIDDEN),
        BITS,
        3,
        SIDE,
        shapes,
        ByteBuffer.wrap(weights),
        backbone == null ? null : ByteBuffer.wrap(backbone));
  }
}
