package dev.mekiki.launcher.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Verdict;
import dev.mekiki.schemas.v1.Verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReviewReportTest {
  private final List<Verdict> verdicts = new ArrayList<>();

  @Test
  void precisionIsTheShareOfConfirmedPairs() {
    add(30, Decision.CONFIRMED, duplicate(4));
    add(10, Decision.DISMISSED, duplicate(4));

    Judged all = ReviewReport.of(verdicts).all();

    assertThat(all.pairs()).isEqualTo(40);
    assertThat(all.precision()).isEqualTo(0.75);
    // Wilson's interval of 30 of 40, as statisticians' tables have it.
    assertThat(all.least()).isCloseTo(0.598, within(0.001));
    assertThat(all.most()).isCloseTo(0.858, within(0.001));
  }

  @Test
  void kindsAndTenantsAreCountedApart() {
    add(2, Decision.CONFIRMED, duplicate(4));
    add(1, Decision.DISMISSED, duplicate(4).setTenant("shop"));
    add(3, Decision.CONFIRMED, sameBytes());
    add(1, Decision.CONFIRMED, duplicate(90).setDecidedBy(DecidedBy.ALIGNMENT));
    add(1, Decision.DISMISSED, Verdict.newBuilder());

    ReviewReport report = ReviewReport.of(verdicts);

    assertThat(report.byKind())
        .extracting(kind -> "%s %d/%d".formatted(kind.name(), kind.confirmed(), kind.dismissed()))
        .containsExactly(
            "DUPLICATE by alignment 1/0",
            "DUPLICATE by fingerprint 2/1",
            "EXACT by bytes 3/0",
            "unknown 0/1");
    assertThat(report.byTenant())
        .extracting(
            tenant -> "%s %d/%d".formatted(tenant.name(), tenant.confirmed(), tenant.dismissed()))
        .containsExactly(" 6/1", "shop 0/1");
  }

  @Test
  void radiusHasThePairsUpToItsDistance() {
    add(50, Decision.CONFIRMED, duplicate(2));
    add(40, Decision.CONFIRMED, duplicate(10));
    add(10, Decision.DISMISSED, duplicate(10));
    add(10, Decision.CONFIRMED, duplicate(30));
    add(90, Decision.DISMISSED, duplicate(30));
    // Neither has a radius that decides about it.
    add(7, Decision.CONFIRMED, sameBytes());
    add(7, Decision.DISMISSED, Verdict.newBuilder());

    ReviewReport report = ReviewReport.of(verdicts);

    assertThat(report.byRadius()).extracting(AtRadius::radius).containsExactly(2, 10, 30);
    AtRadius ten = report.byRadius().get(1);
    assertThat(ten.confirmedAt()).isEqualTo(40);
    assertThat(ten.dismissedAt()).isEqualTo(10);
    assertThat(ten.within().precision()).isEqualTo(0.9);
    assertThat(ten.share()).isEqualTo(0.9);
    assertThat(report.byRadius().getLast().within().precision()).isEqualTo(0.5);
    assertThat(report.byRadius().getLast().share()).isEqualTo(1.0);
    assertThat(report.advice())
        .extracting(advice -> radius(advice.radius()))
        .containsExactly(2, 2, 10);
  }

  @Test
  void nothingIsAdvisedByAFewPairs() {
    add(ReviewReport.MIN_PAIRS - 1, Decision.CONFIRMED, duplicate(5));
    assertThat(ReviewReport.of(verdicts).advice())
        .hasSize(3)
        .allSatisfy(advice -> assertThat(advice.radius()).isNull());

    add(1, Decision.CONFIRMED, duplicate(6));
    assertThat(ReviewReport.of(verdicts).advice())
        .extracting(advice -> radius(advice.radius()))
        .containsExactly(6, 6, 6);
  }

  @Test
  void nothingJudgedIsNoPrecision() {
    ReviewReport report = ReviewReport.of(List.of());

    assertThat(report.all().precision()).isNull();
    assertThat(report.byKind()).isEmpty();
    assertThat(report.byRadius()).isEmpty();
    assertThat(ReviewPlot.of(report)).startsWith("<svg");
  }

  @Test
  void plotHasBothCurves() {
    add(3, Decision.CONFIRMED, duplicate(1));
    add(1, Decision.DISMISSED, duplicate(40));

    assertThat(ReviewPlot.of(ReviewReport.of(verdicts)))
        .contains("precision, 95 % interval", "confirmed pairs within", "fingerprint radius")
        .contains(">40<")
        .doesNotContain("NaN");
  }

  private static int radius(@Nullable AtRadius at) {
    return Objects.requireNonNull(at).radius();
  }

  private void add(int times, Decision decision, Verdict.Builder verdict) {
    for (int i = 0; i < times; i++) {
      verdicts.add(verdict.setDecision(decision).build());
    }
  }

  private static Verdict.Builder duplicate(int distance) {
    return Verdict.newBuilder()
        .setSha256A("a")
        .setSha256B("b")
        .setKind(MatchKind.DUPLICATE)
        .setDecidedBy(DecidedBy.FINGERPRINT)
        .setFingerprintDistance(distance);
  }

  private static Verdict.Builder sameBytes() {
    return Verdict.newBuilder()
        .setSha256A("a")
        .setSha256B("a")
        .setKind(MatchKind.EXACT)
        .setDecidedBy(DecidedBy.BYTES)
        .setFingerprintDistance(0);
  }
}
