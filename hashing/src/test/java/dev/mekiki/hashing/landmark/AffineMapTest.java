package dev.mekiki.hashing.landmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AffineMapTest {
  private static final double CLOSE = 1e-6;

  private final SplittableRandom random = new SplittableRandom(9);

  @Test
  void inverseLeadsBackAndCompositionFollowsBoth() {
    for (int trial = 0; trial < 100; trial++) {
      AffineMap map = any();
      AffineMap next = any();
      double x = random.nextDouble(-100, 100);
      double y = random.nextDouble(-100, 100);

      assertThat(map.then(map.inverse()).x(x, y)).isCloseTo(x, within(CLOSE));
      assertThat(map.then(map.inverse()).y(x, y)).isCloseTo(y, within(CLOSE));
      assertThat(map.then(next).x(x, y)).isCloseTo(next.x(map.x(x, y), map.y(x, y)), within(CLOSE));
      assertThat(map.then(next).y(x, y)).isCloseTo(next.y(map.x(x, y), map.y(x, y)), within(CLOSE));
    }
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> new AffineMap(1, 2, 0, 2, 4, 0).inverse());
  }

  @Test
  void mapBetweenFramesTakesCentreSizeAndAngleAlong() {
    for (int trial = 0; trial < 200; trial++) {
      Frame from = Samples.frame(random);
      Frame to = Samples.frame(random);
      boolean mirrored = trial % 2 == 1;

      AffineMap map = AffineMap.between(from, to, mirrored);

      assertThat(map.x(from.x(), from.y())).isCloseTo(to.x(), within(1e-3));
      assertThat(map.y(from.x(), from.y())).isCloseTo(to.y(), within(1e-3));
      assertThat(map.scale()).isCloseTo(to.size() / (double) from.size(), within(1e-6));
      assertThat(map.stretch()).isCloseTo(1, within(1e-6));
      assertThat(map.isMirrored()).isEqualTo(mirrored);
      double tipX = from.x() + from.size() * Math.cos(from.angle());
      double tipY = from.y() + from.size() * Math.sin(from.angle());
      assertThat(map.x(tipX, tipY))
          .isCloseTo(to.x() + to.size() * Math.cos(to.angle()), within(1e-3));
      assertThat(map.y(tipX, tipY))
          .isCloseTo(to.y() + to.size() * Math.sin(to.angle()), within(1e-3));
    }
  }

  @Test
  void stretchIsTheRatioOfTheLongestAndTheShortestAxis() {
    assertThat(new AffineMap(3, 0, 0, 0, 2, 0).stretch()).isCloseTo(1.5, within(CLOSE));
    assertThat(new AffineMap(0, -1, 0, 4, 0, 0).stretch()).isCloseTo(4, within(CLOSE));
    // Left and right change places, and then it turns by 90 degrees.
    AffineMap mirror = new AffineMap(-1, 0, 8, 0, 1, 0);
    assertThat(mirror.rotation()).isCloseTo(0, within(CLOSE));
    assertThat(mirror.then(new AffineMap(0, -1, 0, 1, 0, 0)).rotation())
        .isCloseTo(90, within(CLOSE));
    assertThat(new AffineMap(0, -1, 0, 1, 0, 0).rotation()).isCloseTo(90, within(CLOSE));
  }

  private AffineMap any() {
    return new AffineMap(
        random.nextDouble(0.5, 2),
        random.nextDouble(-0.3, 0.3),
        random.nextDouble(-50, 50),
        random.nextDouble(-0.3, 0.3),
        random.nextDouble(0.5, 2),
        random.nextDouble(-50, 50));
  }
}
