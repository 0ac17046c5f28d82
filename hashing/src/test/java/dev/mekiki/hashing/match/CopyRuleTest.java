package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchDecision.Skip;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CopyRuleTest {
  private static final long SEED = Seeds.seed(CopyRuleTest.class);
  private static final int BITS = 64;

  /// Whatever two images look like: bytes and fingerprints make them a match, or they are verified,
  /// never both.
  @Test
  void exactlyOneRuleTakesAPair() {
    int matched = 0;
    int verified = 0;
    for (int number = 0; number < 20_000; number++) {
      Random random = Seeds.random(SEED, number);
      MatchPolicy policy =
          new MatchPolicy(
              random.nextBoolean() ? Reach.EVERYWHERE : Reach.CODES,
              random.nextInt(20),
              31,
              random.nextBoolean() ? null : random.nextInt(20));
      HashCode code = RandomCodes.uniform(BITS, random);
      HashCode print = RandomCodes.uniform(Fingerprint.BITS, random);
      PlacedRevision a = image("a", code, print, 100, random);
      PlacedRevision b =
          image(
              "b",
              RandomCodes.at(code, random.nextInt(30), random),
              RandomCodes.at(print, random.nextInt(60), random),
              100,
              random);
      boolean matches =
          new MatchRule(policy).onArrival(a, b) instanceof Emit emit
              && emit.level() != MatchLevel.NEAR;
      boolean isVerified = new CopyRule(policy).onArrival(a, b) instanceof Emit;

      assertThat(matches ^ isVerified).as("case %d", number).isTrue();
      matched += matches ? 1 : 0;
      verified += isVerified ? 1 : 0;
    }
    assertThat(matched).isGreaterThan(1000);
    assertThat(verified).isGreaterThan(1000);
  }

  @Test
  void picturesWithoutFeaturesAreNotVerified() {
    Random random = new Random(1);
    CopyRule rule = new CopyRule(new MatchPolicy(Reach.EVERYWHERE, 0, 31, null));
    HashCode code = RandomCodes.uniform(BITS, random);
    PlacedRevision plain =
        image("a", code, RandomCodes.uniform(Fingerprint.BITS, random), 100, random);
    PlacedRevision blank =
        image("b", code, RandomCodes.uniform(Fingerprint.BITS, random), 0, random);

    assertThat(rule.onArrival(plain, blank)).isEqualTo(new Skip(Reason.NO_MATCH));
    assertThat(rule.onArrival(blank, plain)).isEqualTo(new Skip(Reason.NO_MATCH));
  }

  @Test
  void probesThatCrossAreTakenWhereTheSmallerIdIsStored() {
    Random random = new Random(2);
    CopyRule rule = new CopyRule(new MatchPolicy(Reach.EVERYWHERE, 0, 31, null));
    HashCode code = RandomCodes.uniform(BITS, random);
    PlacedRevision a = image("a", code, RandomCodes.uniform(Fingerprint.BITS, random), 100, random);
    PlacedRevision b = image("b", code, RandomCodes.uniform(Fingerprint.BITS, random), 100, random);

    assertThat(rule.onProbe(b, 0, a, 1)).isInstanceOf(Emit.class);
    assertThat(rule.onProbe(a, 0, b, 1)).isEqualTo(new Skip(Reason.REPORTED_ELSEWHERE));
    assertThat(rule.onProbe(a, 1, b, 1)).isInstanceOf(Emit.class);
  }

  private static PlacedRevision image(
      String id, HashCode code, HashCode print, int quality, Random random) {
    return new PlacedRevision(
        id,
        new Revision("images", 0, id.hashCode()),
        code,
        new Fingerprint(print, quality),
        new Sha256(random.nextInt(2), 0, 0, 0),
        0,
        random.nextInt(3),
        false);
  }
}
