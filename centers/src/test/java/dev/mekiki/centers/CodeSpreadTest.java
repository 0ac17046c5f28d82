package dev.mekiki.centers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeSpreadTest {
  private static final Routing ROUTING =
      Routing.byProximity(
          RandomCodes.table(16, List.of(HashCode.of(16, 0), HashCode.of(16, 0xffff))), 2);

  @Test
  void figuresAreThoseCountedByHand() {
    // Shells 0, 1, 2 of the first bucket and 8, which lies as far from the second.
    List<HashCode> codes =
        List.of(HashCode.of(16, 0), HashCode.of(16, 1), HashCode.of(16, 3), HashCode.of(16, 0xff));
    CodeSpread spread = CodeSpread.of(ROUTING, codes, 1);

    assertThat(spread.meanShell()).isEqualTo(2.75);
    assertThat(spread.p50Shell()).isEqualTo(1);
    assertThat(spread.p90Shell()).isEqualTo(8);
    assertThat(spread.probed()).isEqualTo(0.25);
    assertThat(spread.fullestOverMean()).isEqualTo(2);
    assertThat(spread.largestShare()).isEqualTo(1);
    assertThat(spread.effectiveBuckets()).isEqualTo(1);
  }

  @Test
  void evenBucketsCountInFull() {
    CodeSpread spread =
        CodeSpread.of(ROUTING, List.of(HashCode.of(16, 0), HashCode.of(16, 0xffff)), 1);

    assertThat(spread.largestShare()).isEqualTo(0.5);
    assertThat(spread.fullestOverMean()).isEqualTo(1);
    assertThat(spread.effectiveBuckets()).isCloseTo(2, within(1e-12));
  }

  @Test
  void noCodesAreRefused() {
    assertThatThrownBy(() -> CodeSpread.of(ROUTING, List.of(), 1))
        .hasMessage("codes: none (expected: at least 1)");
  }
}
