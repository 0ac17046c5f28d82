package dev.mekiki.training.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.augmentation.RandomEdits;
import dev.mekiki.training.data.UnlabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.network.NetworkOutputs;
import dev.mekiki.training.network.TrainedNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdaptationTest {
  private static final Bundle BUNDLE = Bundle.builtIn();
  private static final int SIDE = Adaptation.side(BUNDLE);

  @Test
  void copiesOfPicturesYetToComeKeepMoreOfTheirCodes(@TempDir Path directory) throws Exception {
    UnlabelledImages scenes = scenes(80, 1);
    UnlabelledImages toCome = scenes(40, 2);
    UnlabelledImages kept = stripes(40);

    Bundle adapted = adapted(scenes, kept, 60);
    Path file = directory.resolve("adapted.mekiki");
    adapted.write(file);
    Bundle read = Bundle.read(file);

    double before = bitsMovedByEdits(BUNDLE, toCome);
    double after = bitsMovedByEdits(read, toCome);
    assertThat(after).isLessThan(0.85 * before);
    assertThat(bitsBetween(codes(BUNDLE, kept), codes(read, kept)))
        .isLessThan(0.8 * bitsBetween(codes(BUNDLE, kept), codes(adapted(scenes, null, 60), kept)));
    assertThat(read.networkId()).isNotEqualTo(BUNDLE.networkId());
    assertThat(read.centers().centers()).isEqualTo(BUNDLE.centers().centers());
    assertThat(read.manifest().training().settings())
        .containsEntry("adapted_from", BUNDLE.networkId())
        .containsEntry("adapted_to", "80 pictures, scenes")
        .containsEntry("adaptation_kept", "40 pictures, stripes");
  }

  @Test
  void sameSeedGivesTheSameNetwork() throws Exception {
    UnlabelledImages scenes = scenes(5, 1);

    Bundle first = adapted(scenes, null, 2);
    Bundle second = adapted(scenes, null, 2);

    assertThat(second.networkId()).isEqualTo(first.networkId());
  }

  @Test
  void noImagesAreRefused() {
    assertThatThrownBy(() -> adapted(scenes(0, 1), null, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images: none (expected: at least 1)");
  }

  private static Bundle adapted(UnlabelledImages images, @Nullable UnlabelledImages kept, int steps)
      throws Exception {
    AdaptationSettings settings = new AdaptationSettings(steps, 12, 16, 0.02f, 0.1f, 10, 0.8f, 4);
    return new Adaptation(
            BUNDLE,
            images,
            kept,
            BUNDLE.manifest().preprocessing().views(),
            settings,
            TrainingDevice.CPU)
        .run("adapted", "./mekiki adapt", TrainingListener.SILENT);
  }

  /// Mean over three edited copies of each picture.
  private static double bitsMovedByEdits(Bundle bundle, UnlabelledImages images) {
    RandomEdits edits = new RandomEdits(bundle.manifest().preprocessing(), new Random(9));
    List<HashCode> originals = codes(bundle, images);
    double moved = 0;
    for (int copy = 0; copy < 3; copy++) {
      List<float[]> copies =
          images.pixels().stream().map(picture -> edits.edited(picture, SIDE, View.WHOLE)).toList();
      moved += bitsBetween(originals, codesOf(bundle, copies)) / 3;
    }
    return moved;
  }

  private static double bitsBetween(List<HashCode> some, List<HashCode> others) {
    double sum = 0;
    for (int i = 0; i < some.size(); i++) {
      sum += some.get(i).distance(others.get(i));
    }
    return sum / some.size();
  }

  private static List<HashCode> codes(Bundle bundle, UnlabelledImages images) {
    RandomEdits edits = new RandomEdits(bundle.manifest().preprocessing(), new Random(0));
    return codesOf(
        bundle,
        images.pixels().stream()
            .map(picture -> edits.plain(picture, images.side(), View.WHOLE))
            .toList());
  }

  private static List<HashCode> codesOf(Bundle bundle, List<float[]> planeSets) {
    Preprocessing preprocessing = bundle.manifest().preprocessing();
    Preprocessor preprocessor = new Preprocessor(preprocessing);
    List<HashCode> codes = new ArrayList<>();
    NetworkOutputs.of(
        TrainedNetwork.of(bundle),
        planeSets.size(),
        i -> preprocessor.input(planeSets.get(i)),
        TrainingDevice.CPU,
        (from, n, outputs, features) -> {
          for (int i = 0; i < n; i++) {
            codes.add(
                HashCode.fromOutputs(
                    ViewMean.hash(
                        outputs, i, preprocessing.views().size(), bundle.manifest().bits())));
          }
        });
    return codes;
  }

  /// Boxes of one shade each, one over the other: nothing of which the network knows a class.
  private static UnlabelledImages scenes(int count, long seed) {
    Random random = new Random(seed);
    List<byte[]> pixels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] picture = new byte[SIDE * SIDE];
      for (int box = 0; box < 25; box++) {
        int left = box == 0 ? 0 : random.nextInt(SIDE);
        int top = box == 0 ? 0 : random.nextInt(SIDE);
        int right = box == 0 ? SIDE : Math.min(SIDE, left + 10 + random.nextInt(70));
        int bottom = box == 0 ? SIDE : Math.min(SIDE, top + 10 + random.nextInt(70));
        byte shade = (byte) random.nextInt(256);
        for (int y = top; y < bottom; y++) {
          for (int x = left; x < right; x++) {
            picture[y * SIDE + x] = shade;
          }
        }
      }
      pixels.add(picture);
    }
    return new UnlabelledImages("scenes", SIDE, Colour.LUMA, pixels);
  }

  private static UnlabelledImages stripes(int count) {
    List<byte[]> pixels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] picture = new byte[32 * 32];
      for (int at = 0; at < picture.length; at++) {
        int along = i % 2 == 0 ? at % 32 : at / 32;
        picture[at] = (byte) ((along + i) % (4 + i % 9) < 2 + i % 5 ? 210 : 40);
      }
      pixels.add(picture);
    }
    return new UnlabelledImages("stripes", 32, Colour.LUMA, pixels);
  }
}
