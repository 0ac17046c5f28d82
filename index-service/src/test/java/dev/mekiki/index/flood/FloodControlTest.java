package dev.mekiki.index.flood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.Quarantine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloodControlTest {
  private static final int LIMIT = 20;
  private static final long WINDOW = 60_000;
  private static final FloodSettings SETTINGS =
      FloodSettings.of(LIMIT, Duration.ofMillis(WINDOW), 31, 5);

  private final FloodControl floods = new FloodControl(SETTINGS, false, "generation", 3, false);
  private long now = WINDOW;

  @Test
  void pictureThatMatchesTooOftenIsHeldBackWithAllThatLookLikeIt() {
    PlacedRevision picture = image("a", 0, "");
    for (int i = 0; i < LIMIT; i++) {
      floods.matched(picture, 1, now);
    }
    assertThat(floods.holdsBack(picture, true)).isFalse();

    floods.matched(picture, 1, now);

    assertThat(floods.size()).isEqualTo(1);
    assertThat(floods.holdsBack(picture, true)).isTrue();
    assertThat(floods.holdsBack(image("b", 31, ""), true)).isTrue();
    assertThat(floods.isQuarantined(image("b", 31, ""))).isTrue();
    assertThat(floods.holdsBack(image("c", 32, ""), true)).isFalse();
    assertThat(floods.holdsBack(image("d", 0, "another tenant"), true)).isFalse();
  }

  @Test
  void matchesOfDifferentWindowsAreNotAddedUp() {
    PlacedRevision picture = image("a", 0, "");
    for (int i = 0; i < 10 * LIMIT; i++) {
      floods.matched(picture, 1, now);
      now += WINDOW / LIMIT;
    }
    assertThat(floods.size()).isZero();
  }

  @Test
  void oneEventAtOnceAndThenOneForEachWindowUntilItEnds() {
    floods.matched(image("a", 0, ""), LIMIT + 1, now);

    Quarantine began = only(floods.due(now));
    assertThat(began.getState()).isEqualTo(Quarantine.State.BEGAN);
    assertThat(began.getFingerprint()).isEqualTo(image("a", 0, "").fingerprint().code().toHex());
    assertThat(began.getTenant()).isEmpty();
    assertThat(began.getPartition()).isEqualTo(3);
    assertThat(began.getExplanation())
        .contains("more than 20 times within 60 s", "mekiki mute add --fingerprint ");

    for (int i = 0; i < 1000; i++) {
      assertThat(floods.holdsBack(image("copy-" + i, 0, ""), true)).isTrue();
      floods.holdsBack(image("probe-" + i, 0, ""), false);
    }
    assertThat(floods.due(now + WINDOW - 1)).isEmpty();
    now += WINDOW;
    Quarantine continues = only(floods.due(now));
    assertThat(continues.getState()).isEqualTo(Quarantine.State.CONTINUES);
    assertThat(continues.getImages()).isEqualTo(1000);
    assertThat(continues.getNewImages()).isEqualTo(1000);
    assertThat(continues.getExamplesList())
        .containsExactly("copy-995", "copy-996", "copy-997", "copy-998", "copy-999");
    assertThat(continues.getEventId()).isNotEqualTo(began.getEventId());

    // Fewer than 20 / 5 new ones.
    for (int i = 0; i < 3; i++) {
      floods.holdsBack(image("late-" + i, 0, ""), true);
    }
    now += WINDOW;
    Quarantine ended = only(floods.due(now));
    assertThat(ended.getState()).isEqualTo(Quarantine.State.ENDED);
    assertThat(ended.getImages()).isEqualTo(1003);
    assertThat(ended.getNewImages()).isEqualTo(3);
    assertThat(floods.size()).isZero();
    assertThat(floods.isQuarantined(image("a", 0, ""))).isFalse();
    assertThat(floods.due(now + WINDOW)).isEmpty();
  }

  @Test
  void pictureWithoutFeaturesHoldsBackItsVeryOwnAlone() {
    PlacedRevision blank =
        new PlacedRevision(
            "blank",
            new Revision("images", 0, 1),
            HashCode.of(64, 0),
            new Fingerprint(code(0), Fingerprint.MIN_QUALITY - 1),
            Sha256.of(new byte[32]),
            0,
            1,
            false);
    floods.matched(blank, LIMIT + 1, now);

    assertThat(floods.isQuarantined(blank)).isTrue();
    assertThat(floods.isQuarantined(image("b", 0, ""))).isTrue();
    assertThat(
            floods.isQuarantined(
                new PlacedRevision(
                    "other",
                    blank.revision(),
                    blank.code(),
                    new Fingerprint(code(1), 0),
                    blank.sha256(),
                    0,
                    1,
                    false)))
        .isFalse();
  }

  @Test
  void memoryIsBoundedWhateverComes() {
    FloodControl many =
        new FloodControl(FloodSettings.of(1, Duration.ofMinutes(1), 0, 1), true, "g", 0, false);
    for (int i = 0; i < 30_000; i++) {
      many.matched(numbered(i), 1, now);
    }
    assertThat(many.size()).isZero();
    for (int i = 0; i < 5_000; i++) {
      many.matched(numbered(i), 2, now);
    }
    assertThat(many.size()).isEqualTo(FloodControl.MAX_QUARANTINES);
    assertThat(many.due(now)).hasSize(FloodControl.MAX_QUARANTINES);
  }

  @Test
  void offCountsNothing() {
    FloodControl off = new FloodControl(FloodSettings.OFF, false, "g", 0, true);
    off.matched(image("a", 0, ""), Long.MAX_VALUE / 2, now);
    assertThat(off.size()).isZero();
  }

  private static Quarantine only(List<Quarantine> events) {
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  /// So many bits away from the one of 0.
  private static PlacedRevision image(String id, int distance, String tenant) {
    return image(id, code(distance), tenant);
  }

  private static PlacedRevision numbered(int number) {
    return image("n" + number, HashCode.of(256, number, 0, 0, 0), "");
  }

  private static PlacedRevision image(String id, HashCode fingerprint, String tenant) {
    return new PlacedRevision(
        id,
        new Revision("images", 0, 1),
        HashCode.of(64, 0),
        new Fingerprint(fingerprint, 100),
        Sha256.of(new byte[32]),
        0,
        1,
        false,
        new Origin(tenant, ""));
  }

  private static HashCode code(int ones) {
    return HashCode.of(256, (1L << ones) - 1, 0, 0, 0);
  }
}
