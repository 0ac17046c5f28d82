package dev.mekiki.hashing.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchDecision.Skip;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class MatchRuleTest {
  private static final MatchRule RULE = new MatchRule(new MatchPolicy(Reach.CODES, 8, 31, null));
  private static final Random RANDOM = new Random(1);
  private static final HashCode CODE = RandomCodes.uniform(64, RANDOM);
  private static final HashCode PRINT = RandomCodes.uniform(Fingerprint.BITS, RANDOM);

  private final PlacedRevision arrival = image("a").build();

  @Test
  void sameBytesAreExactWithinTheMatchRadiusAlone() {
    assertThat(emit(arrival, image("b").code(8).fingerprint(200).build()).level())
        .isEqualTo(MatchLevel.EXACT);
    assertThat(RULE.onArrival(arrival, image("b").code(9).build()))
        .isEqualTo(new Skip(Reason.NO_MATCH));
  }

  @Test
  void duplicateNeedsBothRadii() {
    Emit emit = emit(arrival, image("b").bytes(2).code(8).fingerprint(31).build());

    assertThat(emit.level()).isEqualTo(MatchLevel.DUPLICATE);
    assertThat(emit.codeDistance()).isEqualTo(8);
    assertThat(emit.fingerprintDistance()).isEqualTo(31);
    assertThat(RULE.onArrival(arrival, image("b").bytes(2).code(9).build()))
        .isEqualTo(new Skip(Reason.NO_MATCH));
    assertThat(RULE.onArrival(arrival, image("b").bytes(2).fingerprint(32).build()))
        .isEqualTo(new Skip(Reason.NO_MATCH));
  }

  @Test
  void nearIsOnlyWhatIsNothingStronger() {
    MatchRule near = new MatchRule(new MatchPolicy(Reach.CODES, 4, 31, 8));

    assertThat(near.onArrival(arrival, image("b").bytes(2).code(8).build()))
        .isInstanceOfSatisfying(
            Emit.class, emit -> assertThat(emit.level()).isEqualTo(MatchLevel.NEAR));
    assertThat(near.onArrival(arrival, image("b").bytes(2).code(4).build()))
        .isInstanceOfSatisfying(
            Emit.class, emit -> assertThat(emit.level()).isEqualTo(MatchLevel.DUPLICATE));
    assertThat(near.onArrival(arrival, image("b").bytes(2).code(9).build()))
        .isEqualTo(new Skip(Reason.NO_MATCH));
  }

  @Test
  void codesDoNotMatterWhereMatchesReachEverywhere() {
    MatchRule rule = new MatchRule(new MatchPolicy(Reach.EVERYWHERE, 0, 31, 8));

    assertThat(level(rule, image("b").code(60).fingerprint(200).build()))
        .isEqualTo(MatchLevel.EXACT);
    assertThat(level(rule, image("b").bytes(2).code(60).fingerprint(31).build()))
        .isEqualTo(MatchLevel.DUPLICATE);
    assertThat(level(rule, image("b").bytes(2).code(8).fingerprint(32).build()))
        .isEqualTo(MatchLevel.NEAR);
    assertThat(rule.onArrival(arrival, image("b").bytes(2).code(9).fingerprint(32).build()))
        .isEqualTo(new Skip(Reason.NO_MATCH));
  }

  private MatchLevel level(MatchRule rule, PlacedRevision row) {
    return ((Emit) rule.onArrival(arrival, row)).level();
  }

  @Test
  void probeIsEmittedWhereItsHomeHadSeenTheRowOrTheRowHasTheSmallerId() {
    PlacedRevision a = image("a").home(1).build();
    PlacedRevision b = image("b").home(2).build();

    // Its home had processed the row's probe before it stored the image, and found nothing.
    assertThat(RULE.onProbe(a, 7, b, 7)).isInstanceOf(Emit.class);
    assertThat(RULE.onProbe(b, 7, a, 7)).isInstanceOf(Emit.class);
    // Its home finds the pair, too.
    assertThat(RULE.onProbe(a, 7, b, 8)).isEqualTo(new Skip(Reason.REPORTED_ELSEWHERE));
    assertThat(RULE.onProbe(b, 7, a, 8)).isInstanceOf(Emit.class);
    assertThat(RULE.onProbe(a, 7, a, 7)).isEqualTo(new Skip(Reason.SAME_IMAGE));
  }

  @Test
  void smallerIdIsTheOneOfTheSmallerBytes() {
    PlacedRevision last = image("\uD800\uDC00").home(1).build();
    PlacedRevision first = image("\uFFFF").home(2).build();

    assertThat(RULE.onProbe(last, 0, first, 1)).isInstanceOf(Emit.class);
    assertThat(RULE.onProbe(first, 0, last, 1)).isEqualTo(new Skip(Reason.REPORTED_ELSEWHERE));
  }

  @Test
  void laterIsDecidedByImageTimeThenId() {
    PlacedRevision older = image("b").time(1).build();
    PlacedRevision newer = image("a").time(2).build();
    PlacedRevision sameTime = image("c").time(1).build();

    assertThat(emit(older, newer).later()).isEqualTo(newer);
    assertThat(emit(newer, older).later()).isEqualTo(newer);
    assertThat(emit(newer, older).earlier()).isEqualTo(older);
    assertThat(emit(older, sameTime).later()).isEqualTo(sameTime);
    assertThat(emit(sameTime, older).later()).isEqualTo(sameTime);
  }

  @Test
  void muteSilencesThePairWhereItIsTheLaterOneAlone() {
    PlacedRevision muted = image("b").time(5).muted().build();

    assertThat(RULE.onArrival(muted, image("a").time(4).build())).isEqualTo(new Skip(Reason.MUTED));
    assertThat(RULE.onArrival(image("a").time(4).build(), muted)).isEqualTo(new Skip(Reason.MUTED));
    assertThat(RULE.onArrival(image("a").time(6).build(), muted)).isInstanceOf(Emit.class);
  }

  @Test
  void anImageDoesNotMatchItself() {
    assertThat(RULE.onArrival(arrival, arrival)).isEqualTo(new Skip(Reason.SAME_IMAGE));
  }

  @Test
  void repeatIsTheSameRevisionWhateverItsCode() {
    PlacedRevision standing = image("a").offset(7).build();

    assertThat(MatchRule.repeats(standing, image("a").offset(7).code(3).build())).isTrue();
    assertThat(MatchRule.repeats(standing, image("a").offset(8).build())).isFalse();
    assertThat(MatchRule.repeats(null, standing)).isFalse();
  }

  @Test
  void policySaysHowFarCandidatesMustBeLookedFor() {
    assertThat(new MatchPolicy(Reach.CODES, 8, 31, null).codeRadius()).isEqualTo(8);
    assertThat(new MatchPolicy(Reach.CODES, 8, 31, 10).codeRadius()).isEqualTo(10);
    assertThat(new MatchPolicy(Reach.CODES, 8, 31, 4).codeRadius()).isEqualTo(8);
    assertThat(new MatchPolicy(Reach.CODES, 8, 40, null).criteria(64))
        .isEqualTo(new CandidateCriteria(40, 8, CandidateCriteria.OFF));
    assertThat(new MatchPolicy(Reach.EVERYWHERE, 8, 0, null).criteria(64))
        .isEqualTo(new CandidateCriteria(31, 64, CandidateCriteria.OFF));
    assertThat(new MatchPolicy(Reach.CODES, 8, 0, 4).criteria(64))
        .isEqualTo(new CandidateCriteria(31, 8, 4));
  }

  @Test
  void featurelessPictureMatchesTheSameBytesAlone() {
    PlacedRevision picture = image("a").bytes(1).quality(50).build();
    PlacedRevision flat = image("b").bytes(2).quality(49).build();
    PlacedRevision alike = image("c").bytes(3).quality(0).build();
    PlacedRevision same = image("d").bytes(2).quality(49).build();
    MatchRule near = new MatchRule(new MatchPolicy(Reach.EVERYWHERE, 8, 31, 8));

    for (MatchRule rule : List.of(RULE, near)) {
      assertThat(rule.onArrival(flat, picture)).isEqualTo(new Skip(Reason.NO_MATCH));
      assertThat(rule.onArrival(picture, flat)).isEqualTo(new Skip(Reason.NO_MATCH));
      assertThat(rule.onArrival(flat, alike)).isEqualTo(new Skip(Reason.NO_MATCH));
      assertThat(rule.onArrival(same, flat))
          .asInstanceOf(InstanceOfAssertFactories.type(Emit.class))
          .extracting(Emit::level)
          .isEqualTo(MatchLevel.EXACT);
    }
    assertThat(emit(picture, image("e").bytes(4).quality(50).build()).level())
        .isEqualTo(MatchLevel.DUPLICATE);
  }

  @Test
  void radiiOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new MatchPolicy(Reach.CODES, -1, 31, null))
        .hasMessage("match radius: -1 (expected: at least 0)");
    assertThatThrownBy(() -> new MatchPolicy(Reach.CODES, 8, 257, null))
        .hasMessage("fingerprint radius: 257 (expected: 0..256)");
    assertThatThrownBy(() -> new MatchPolicy(Reach.CODES, 8, 31, -2))
        .hasMessage("near radius: -2 (expected: at least 0)");
    assertThatThrownBy(() -> Sha256.of(new byte[31])).hasMessage("sha256: 31 bytes (expected: 32)");
  }

  private static Emit emit(PlacedRevision arrival, PlacedRevision candidate) {
    MatchDecision decision = RULE.onArrival(arrival, candidate);
    assertThat(decision).isInstanceOf(Emit.class);
    return (Emit) decision;
  }

  private static Builder image(String id) {
    return new Builder(id);
  }

  /// An image at home in partition 0 with the code, fingerprint and bytes of all others.
  private static final class Builder {
    private final String id;
    private int codeDistance;
    private int fingerprintDistance;
    private int bytes = 1;
    private int home;
    private long time;
    private long offset;
    private boolean muted;
    private int quality = 100;

    Builder(String id) {
      this.id = id;
    }

    Builder code(int distance) {
      this.codeDistance = distance;
      return this;
    }

    Builder fingerprint(int distance) {
      this.fingerprintDistance = distance;
      return this;
    }

    Builder bytes(int number) {
      this.bytes = number;
      return this;
    }

    Builder home(int partition) {
      this.home = partition;
      return this;
    }

    Builder time(long millis) {
      this.time = millis;
      return this;
    }

    Builder offset(long offset) {
      this.offset = offset;
      return this;
    }

    Builder quality(int quality) {
      this.quality = quality;
      return this;
    }

    Builder muted() {
      this.muted = true;
      return this;
    }

    PlacedRevision build() {
      byte[] sha256 = new byte[32];
      sha256[31] = (byte) bytes;
      return new PlacedRevision(
          id,
          new Revision("images", 0, offset),
          RandomCodes.at(CODE, codeDistance, new Random(3)),
          new Fingerprint(RandomCodes.at(PRINT, fingerprintDistance, new Random(4)), quality),
          Sha256.of(sha256),
          home,
          time,
          muted);
    }
  }
}
