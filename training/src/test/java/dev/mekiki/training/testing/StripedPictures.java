package dev.mekiki.training.testing;

import dev.mekiki.training.data.LabelledImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Labelled pictures that a tiny network learns to distinguish in seconds.
public final class StripedPictures {
  public static final int SIDE = 32;

  private StripedPictures() {}

  /// Four classes: broad or narrow stripes, lying or standing, with noise.
  public static LabelledImages draw(int count) {
    Random random = new Random(5);
    List<byte[]> pixels = new ArrayList<>();
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 4;
      int period = labels[i] % 2 == 0 ? 4 : 12;
      int phase = random.nextInt(period);
      byte[] picture = new byte[SIDE * SIDE * 3];
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int along = labels[i] < 2 ? x : y;
          int level = (along + phase) % period < period / 2 ? 200 : 60;
          for (int c = 0; c < 3; c++) {
            picture[(y * SIDE + x) * 3 + c] = (byte) (level + random.nextInt(40));
          }
        }
      }
      pixels.add(picture);
    }
    return new LabelledImages("stripes", SIDE, List.of("a", "b", "c", "d"), pixels, labels);
  }
}
