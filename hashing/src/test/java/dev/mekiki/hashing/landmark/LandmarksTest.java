package dev.mekiki.hashing.landmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandmarksTest {
  private final SplittableRandom random = new SplittableRandom(23);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32})
  void storedLandmarksComeBackFromTheirBytes(int count) {
    List<Landmark> landmarks = Samples.landmarks(count, random);
    StoredLandmarks stored = StoredLandmarks.of(landmarks);

    StoredLandmarks read = StoredLandmarks.fromBytes(stored.toBytes());

    assertThat(stored.toBytes()).hasSize(22 * count);
    assertThat(read.size()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      assertThat(read.frame(i)).isEqualTo(landmarks.get(i).frame().pack());
      for (int key = 0; key < PatchHash.KEYS; key++) {
        assertThat(read.key(i, key)).isEqualTo(landmarks.get(i).hash().key(key));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 144})
  void soughtLandmarksComeBackFromTheirBytes(int count) {
    List<Landmark> landmarks = Samples.landmarks(count, random);
    SoughtLandmarks sought = SoughtLandmarks.of(landmarks);

    SoughtLandmarks read = SoughtLandmarks.fromBytes(sought.toBytes());

    assertThat(sought.toBytes()).hasSize(56 * count);
    assertThat(read.size()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      assertThat(read.frame(i)).isEqualTo(landmarks.get(i).frame().pack());
      for (int key = 0; key < PatchHash.KEYS; key++) {
        assertThat(read.key(2 * i, key)).isEqualTo(landmarks.get(i).hash().key(key));
        assertThat(read.key(2 * i, key, 3)).isEqualTo(landmarks.get(i).hash().key(key, 3));
        assertThat(read.key(2 * i + 1, key)).isEqualTo(landmarks.get(i).mirrored().key(key));
        assertThat(read.key(2 * i + 1, key, 3)).isEqualTo(landmarks.get(i).mirrored().key(key, 3));
      }
    }
  }

  @Test
  void bytesThatAreNoLandmarksAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoredLandmarks.fromBytes(new byte[23]))
        .withMessageContaining("23 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoredLandmarks.fromBytes(new byte[22 * 33]))
        .withMessageContaining("33");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoughtLandmarks.fromBytes(new byte[55]))
        .withMessageContaining("55 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoughtLandmarks.fromBytes(new byte[56 * 145]))
        .withMessageContaining("145");
  }

  /// Of a hash whose every bit is known, so that a key cut at the wrong place would show.
  @Test
  void keysAreConsecutiveBitsOfTheHash() {
    for (int trial = 0; trial < 100; trial++) {
      PatchHash hash = Samples.hash(random);
      for (int key = 0; key < PatchHash.KEYS; key++) {
        for (int bit = 0; bit < PatchHash.KEY_BITS; bit++) {
          assertThat((hash.key(key) >>> bit & 1) == 1)
              .isEqualTo(hash.code().bit(key * PatchHash.KEY_BITS + bit));
        }
        assertThat(hash.key(key) >>> PatchHash.KEY_BITS).isZero();
        assertThat(Integer.bitCount(hash.key(key) ^ hash.key(key, 1))).isEqualTo(1);
        assertThat(hash.key(key, 1) ^ hash.key(key, 2)).isEqualTo(hash.key(key) ^ hash.key(key, 3));
      }
    }
  }

  @Test
  void framesComeBackWithinHalfAStep() {
    for (int trial = 0; trial < 1_000; trial++) {
      Frame frame = Samples.frame(random);

      Frame read = Frame.unpack(frame.pack());

      assertThat(read.x()).isCloseTo(frame.x(), within(0.5f));
      assertThat(read.y()).isCloseTo(frame.y(), within(0.5f));
      assertThat(read.size() / frame.size()).isCloseTo(1, within(0.011f));
      assertThat(Math.IEEEremainder(read.angle() - frame.angle(), 2 * Math.PI))
          .isCloseTo(0, within(Math.PI / 256 + 1e-6));
    }
  }
}
