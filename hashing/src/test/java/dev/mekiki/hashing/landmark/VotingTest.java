package dev.mekiki.hashing.landmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Votes of made-up pairs of landmarks, of which some follow one map and the others none.
class VotingTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.seed(VotingTest.class));
  private final Voting voting = new Voting();

  @Test
  void pairsThatFollowOneMapAreCountedAmongOthersAndFixTheMap() {
    int right = 0;
    for (int trial = 0; trial < 300; trial++) {
      right += isMapFoundAmongOthers() ? 1 : 0;
    }

    // Now and then chance makes a better proposal of a few pairs.
    assertThat(right).isGreaterThan(280);
  }

  private boolean isMapFoundAmongOthers() {
    boolean mirrored = random.nextBoolean();
    AffineMap truth = similarity(mirrored);
    int following = random.nextInt(4, 20);
    List<Frame> from = new ArrayList<>();
    List<Frame> to = new ArrayList<>();
    for (int i = 0; i < following; i++) {
      // At places of their own.
      Frame frame =
          new Frame(
              20 + i % 5 * 44 + (float) random.nextDouble(8),
              20 + i / 5 * 44 + (float) random.nextDouble(8),
              (float) random.nextDouble(3, 20),
              (float) random.nextDouble(6));
      from.add(frame);
      to.add(seen(frame, truth));
    }
    int others = random.nextInt(2 * following);
    for (int i = 0; i < others; i++) {
      int at = random.nextInt(from.size() + 1);
      from.add(at, Samples.frame(random));
      to.add(at, Samples.frame(random));
    }

    Voting.Outcome outcome =
        vote(from.toArray(Frame[]::new), to.toArray(Frame[]::new), from.size(), mirrored);

    boolean isRight =
        outcome.votes() >= following * 2 / 3 && outcome.map().isMirrored() == mirrored;
    for (double x : new double[] {40, 200}) {
      for (double y : new double[] {40, 200}) {
        double dx = outcome.map().x(x, y) - truth.x(x, y);
        double dy = outcome.map().y(x, y) - truth.y(x, y);
        isRight &= Math.hypot(dx, dy) < 15;
      }
    }
    return isRight;
  }

  @Test
  void pairsAtOnePlaceCountOnce() {
    List<Frame> from = new ArrayList<>();
    List<Frame> to = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      from.add(new Frame(100 + 0.1f * i, 100, 5 + 0.1f * i, 1));
      to.add(new Frame(60 + 0.1f * i, 80, 5 + 0.1f * i, 1));
    }

    Voting.Outcome outcome = vote(from.toArray(Frame[]::new), to.toArray(Frame[]::new), 10, false);

    assertThat(outcome.votes()).isEqualTo(1);
  }

  @Test
  void unrelatedPairsHaveFewVotes() {
    int most = 0;
    for (int trial = 0; trial < 200; trial++) {
      Frame[] from = new Frame[12];
      Frame[] to = new Frame[12];
      for (int i = 0; i < from.length; i++) {
        from[i] = Samples.frame(random);
        to[i] = Samples.frame(random);
      }
      Voting.Outcome outcome = vote(from, to, from.length, trial % 2 == 1);
      most = Math.max(most, outcome.votes());
    }
    assertThat(most).isLessThan(5);
  }

  @Test
  void noPairHasNoOutcome() {
    assertThat(voting.vote(new Frame[0], new Frame[0], 0, false, 1)).isNull();
  }

  private Voting.Outcome vote(Frame[] from, Frame[] to, int pairs, boolean mirrored) {
    return Objects.requireNonNull(voting.vote(from, to, pairs, mirrored, 1));
  }

  /// About the middle of the picture, and so small that all of it stays within.
  private AffineMap similarity(boolean mirrored) {
    double scale = random.nextDouble(0.4, 0.8);
    double angle = random.nextDouble(2 * Math.PI);
    double flip = mirrored ? -1 : 1;
    AffineMap turned =
        new AffineMap(
            scale * Math.cos(angle),
            -flip * scale * Math.sin(angle),
            128,
            scale * Math.sin(angle),
            flip * scale * Math.cos(angle),
            128);
    return new AffineMap(1, 0, -128, 0, 1, -128).then(turned);
  }

  /// A frame as a map shows it, a little off as a detector finds it.
  private Frame seen(Frame frame, AffineMap map) {
    double tipX = frame.x() + Math.cos(frame.angle());
    double tipY = frame.y() + Math.sin(frame.angle());
    double x = map.x(frame.x(), frame.y());
    double y = map.y(frame.x(), frame.y());
    double angle = Math.atan2(map.y(tipX, tipY) - y, map.x(tipX, tipY) - x);
    return new Frame(
        (float) (x + random.nextDouble(-1, 1)),
        (float) (y + random.nextDouble(-1, 1)),
        (float) (frame.size() * map.scale() * random.nextDouble(0.95, 1.05)),
        (float) (angle + random.nextDouble(-0.05, 0.05)));
  }
}
