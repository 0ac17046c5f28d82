package dev.mekiki.hashing.landmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatchHasherTest {
  private static final int SIDE = PatchHasher.SIDE;

  private final SplittableRandom random = new SplittableRandom(5);
  private final PatchHasher hasher = new PatchHasher();

  @Test
  void mirroredHashIsThatOfThePatchWithItsRowsInReverse() {
    for (int trial = 0; trial < 50; trial++) {
      float[] patch = smooth();

      PatchHasher.Hashes hashes = hasher.hash(patch);
      PatchHasher.Hashes reversed = hasher.hash(reversed(patch));

      // Sums in another order round to another bit now and then.
      assertThat(hashes.mirrored().code().distance(reversed.plain().code())).isLessThanOrEqualTo(2);
      assertThat(hashes.plain().code().distance(reversed.mirrored().code())).isLessThanOrEqualTo(2);
      assertThat(hashes.plain().code().distance(hashes.mirrored().code())).isGreaterThan(64);
    }
  }

  @Test
  void brightnessAndContrastChangeNothingAndNoiseChangesLittle() {
    for (int trial = 0; trial < 50; trial++) {
      float[] patch = smooth();
      float[] brighter = new float[patch.length];
      float[] noisy = new float[patch.length];
      for (int i = 0; i < patch.length; i++) {
        brighter[i] = 0.5f * patch[i] + 60;
        noisy[i] = patch[i] + (float) random.nextGaussian();
      }
      PatchHash hash = hasher.hash(patch).plain();

      assertThat(hasher.hash(brighter).plain().code().distance(hash.code())).isLessThanOrEqualTo(2);
      assertThat(hasher.hash(noisy).plain().code().distance(hash.code())).isLessThan(64);
      assertThat(hasher.hash(smooth()).plain().code().distance(hash.code())).isGreaterThan(64);
    }
  }

  @Test
  void halfOfTheBitsAreSet() {
    assertThat(hasher.hash(smooth()).plain().code())
        .satisfies(code -> {
          int set = 0;
          for (int bit = 0; bit < PatchHasher.BITS; bit++) {
            set += code.bit(bit) ? 1 : 0;
          }
          assertThat(set).isEqualTo(PatchHasher.BITS / 2);
        });
  }

  /// Where a small change changes one bit of a key, it is nearly always the weakest.
  @Test
  void weakestBitsAreTheFirstToChange() {
    int changes = 0;
    int weakest = 0;
    for (int trial = 0; trial < 200; trial++) {
      float[] patch = smooth();
      float[] changed = patch.clone();
      for (int i = 0; i < changed.length; i++) {
        changed[i] += (float) (0.02 * random.nextGaussian());
      }
      PatchHash before = hasher.hash(patch).plain();
      PatchHash after = hasher.hash(changed).plain();
      for (int key = 0; key < PatchHash.KEYS; key++) {
        if (Integer.bitCount(before.key(key) ^ after.key(key)) == 1) {
          changes++;
          weakest += after.key(key) == before.key(key, 1) ? 1 : 0;
        }
      }
    }
    assertThat(changes).isPositive();
    assertThat((double) weakest / changes).isGreaterThan(0.8);
  }

  @Test
  void patchOfAnotherSizeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hasher.hash(new float[31 * 32]))
        .withMessageContaining("992");
  }

  /// Waves of a few frequencies, as a picture has them.
  private float[] smooth() {
    float[] patch = new float[SIDE * SIDE];
    for (int wave = 0; wave < 40; wave++) {
      double x = random.nextDouble(-0.9, 0.9);
      double y = random.nextDouble(-0.9, 0.9);
      double phase = random.nextDouble(0, 2 * Math.PI);
      double height = random.nextDouble(2, 20);
      for (int i = 0; i < patch.length; i++) {
        patch[i] +=
            (float) (height * Math.sin(x * (i % SIDE) + y * Math.floorDiv(i, SIDE) + phase));
      }
    }
    return patch;
  }

  private static float[] reversed(float[] patch) {
    float[] reversed = new float[patch.length];
    for (int row = 0; row < SIDE; row++) {
      System.arraycopy(patch, row * SIDE, reversed, (SIDE - 1 - row) * SIDE, SIDE);
    }
    return reversed;
  }
}
