package dev.mekiki.training.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.HashNetwork;
import dev.mekiki.encoding.network.PyTorch;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class TrainedNetworkTest {
  private static final int SIDE = 16;
  private static final int OUTPUTS = 8;

  @Test
  void inLumaSaysTheSameOfGreyPictures() {
    TrainedNetwork colour = random();
    TrainedNetwork luma = colour.inLuma();
    LabelledImages grey = pictures(true);

    assertThat(luma.preprocessing().colour()).isEqualTo(Colour.LUMA);
    assertThat(luma.weights()).hasSizeLessThan(colour.weights().length);
    assertThat(outputs(luma, grey)).containsExactly(outputs(colour, grey), Offset.offset(1e-4f));
    assertThat(luma.inLuma()).isSameAs(luma);
  }

  @Test
  void inLumaIsBlindToColour() {
    TrainedNetwork colour = random();
    LabelledImages tinted = pictures(false);

    assertThat(greatestDifference(outputs(colour.inLuma(), tinted), outputs(colour, tinted)))
        .isGreaterThan(1e-2f);
  }

  @Test
  void betweenTwoNetworksLieTheirWeightsMeans() {
    TrainedNetwork some = network(1, 3);
    TrainedNetwork others = network(5, -1);

    assertThat(floats(some.toward(others, 0.25f))).containsExactly(2, 2);
    assertThat(floats(some.toward(others, 1))).containsExactly(5, -1);
  }

  private static TrainedNetwork network(float... weights) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(weights[0]).putFloat(weights[1]);
    return new TrainedNetwork(
        new Architecture.Residual(Architecture.Residual.RESNET_PADDED, 2, 1, List.of(8, 16)),
        Preprocessing.luma(SIDE),
        OUTPUTS,
        List.of(),
        bytes.array());
  }

  private static float[] floats(TrainedNetwork network) {
    ByteBuffer bytes = ByteBuffer.wrap(network.weights()).order(ByteOrder.LITTLE_ENDIAN);
    return new float[] {bytes.getFloat(), bytes.getFloat()};
  }

  private static TrainedNetwork random() {
    PyTorch.start(1).setRandomSeed(3);
    Architecture.Residual architecture =
        new Architecture.Residual(Architecture.Residual.RESNET_PADDED, 2, 1, List.of(8, 16));
    try (Model model = Model.newInstance("random", Device.cpu(), "PyTorch")) {
      HashNetwork block = new HashNetwork(architecture, OUTPUTS);
      model.setBlock(block);
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
      return TrainedNetwork.of(architecture, Preprocessing.rgb(SIDE), OUTPUTS, block);
    }
  }

  private static LabelledImages pictures(boolean grey) {
    Random random = new Random(1);
    List<byte[]> pixels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] picture = new byte[SIDE * SIDE * 3];
      for (int at = 0; at < picture.length; at += 3) {
        byte level = (byte) random.nextInt(256);
        for (int c = 0; c < 3; c++) {
          picture[at + c] = grey ? level : (byte) random.nextInt(256);
        }
      }
      pixels.add(picture);
    }
    return new LabelledImages("random", SIDE, List.of("a"), pixels, new int[4]);
  }

  private static float[] outputs(TrainedNetwork network, LabelledImages images) {
    List<Float> all = new ArrayList<>();
    NetworkOutputs.of(
        network,
        images,
        TrainingDevice.CPU,
        (from, pictures, outputs, features) -> {
          for (float output : outputs) {
            all.add(output);
          }
        });
    float[] values = new float[all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i);
    }
    return values;
  }

  private static float greatestDifference(float[] a, float[] b) {
    float greatest = 0;
    for (int i = 0; i < a.length; i++) {
      greatest = Math.max(greatest, Math.abs(a[i] - b[i]));
    }
    return greatest;
  }
}
