package dev.mekiki.hashing.pdq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TurnTest {
  private static final List<Turn> ALL = List.of(Turn.values());

  /// As large as the raster that PDQ samples, so that sampling plays no part.
  private static final int SIDE = 64;

  @ParameterizedTest
  @EnumSource
  void fingerprintOfATurnIsThatOfTheTurnedPicture(Turn turn) {
    Random random = new Random(23);
    for (int trial = 0; trial < 20; trial++) {
      float[] picture = smooth(random);

      Fingerprint derived = PdqHasher.hashes(picture, SIDE, SIDE, List.of(turn)).getFirst();
      Fingerprint turned = PdqHasher.hash(turned(picture, turn), SIDE, SIDE);

      // Sums in another order round to another bit now and then.
      assertThat(derived.distance(turned)).isLessThanOrEqualTo(2);
      assertThat(derived.quality()).isEqualTo(turned.quality());
    }
  }

  @ParameterizedTest
  @EnumSource
  void inverseLeadsBack(Turn turn) {
    float[] picture = smooth(new Random(1));

    assertThat(turned(turned(picture, turn), turn.inverse())).isEqualTo(picture);
    assertThat(turn.inverse().isMirrored()).isEqualTo(turn.isMirrored());
  }

  @Test
  void turnsOfOnePictureAreFarFromOneAnother() {
    List<Fingerprint> turns = PdqHasher.hashes(smooth(new Random(7)), SIDE, SIDE, ALL);

    assertThat(turns).hasSize(8);
    for (int one = 0; one < turns.size(); one++) {
      for (int other = 0; other < one; other++) {
        assertThat(turns.get(one).distance(turns.get(other)))
            .as("%s, %s", ALL.get(one), ALL.get(other))
            .isGreaterThan(64);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, bridge-1-original.jpg",
    "ROTATED_90, bridge-2-rotate-90.jpg",
    "ROTATED_180, bridge-3-rotate-180.jpg",
    "ROTATED_270, bridge-4-rotate-270.jpg",
    "FLIPPED, bridge-5-flipx.jpg",
    "MIRRORED, bridge-6-flipy.jpg",
  })
  void turnedPhotoIsFoundByOneOfItsTurns(Turn turn, String file) throws IOException {
    Path original = SharedData.data("pdq/dih/bridge-1-original.jpg");
    Fingerprint turned = Pictures.fingerprint(ImageIO.read(original.resolveSibling(file).toFile()));
    List<Fingerprint> derived = Pictures.fingerprints(ImageIO.read(original.toFile()), ALL);

    Fingerprint closest =
        derived.stream().min(Comparator.comparingInt(one -> one.distance(turned))).orElseThrow();

    assertThat(closest.distance(turned)).isLessThanOrEqualTo(31);
    if (turn == Turn.NONE) {
      assertThat(closest).isEqualTo(derived.getFirst());
    } else {
      assertThat(closest).isNotEqualTo(derived.getFirst());
    }
  }

  private static float[] turned(float[] picture, Turn turn) {
    float[] turned = new float[picture.length];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int row =
            switch (turn) {
              case NONE, MIRRORED -> y;
              case FLIPPED, ROTATED_180 -> SIDE - 1 - y;
              case TRANSPOSED, ROTATED_270 -> x;
              case ROTATED_90, TRANSVERSED -> SIDE - 1 - x;
            };
        int column =
            switch (turn) {
              case NONE, FLIPPED -> x;
              case MIRRORED, ROTATED_180 -> SIDE - 1 - x;
              case TRANSPOSED, ROTATED_90 -> y;
              case ROTATED_270, TRANSVERSED -> SIDE - 1 - y;
            };
        turned[y * SIDE + x] = picture[row * SIDE + column];
      }
    }
    return turned;
  }

  private static float[] smooth(Random random) {
    float[] picture = new float[SIDE * SIDE];
    for (int wave = 0; wave < 40; wave++) {
      double x = random.nextDouble(-0.5, 0.5);
      double y = random.nextDouble(-0.5, 0.5);
      double phase = random.nextDouble(2 * Math.PI);
      for (int i = 0; i < picture.length; i++) {
        picture[i] += (float) (6 * Math.sin(x * (i % SIDE) + y * Math.floorDiv(i, SIDE) + phase));
      }
    }
    for (int i = 0; i < picture.length; i++) {
      picture[i] = Math.clamp(128 + picture[i], 0, 255);
    }
    return picture;
  }
}
