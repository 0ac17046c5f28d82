package dev.mekiki.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.topic.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

class BesideIndexesTest {
  private static final String KEPT = "0123456789abcdef" + "0".repeat(48);

  @Test
  void whatDoesNotFitIsRefusedWithTheArithmetic() {
    assertThatCode(() -> BesideIndexes.checkMemory(KEPT, 2, 1_000_000, false, 1L << 30))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> BesideIndexes.checkMemory(KEPT, 2, 2_000_000, false, 1L << 30))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("2 generations x 2,000,000 images here x 300 bytes = 1,200,000,000")
        .hasMessageContaining("at most 751,619,276, which is 70 % of the heap of 1,073,741,824");
  }

  @Test
  void onlyStateOfGenerationsThatAreNotKeptIsUnneeded() {
    Topics topics = new Topics("shop.");
    List<String> kept = List.of(KEPT);
    for (String unneeded :
        List.of(
            "shop.index-fedcba9876543210-2",
            "shop.index-fedcba9876543210-2-1",
            "shop.index-fedcba9876543210-2.alive")) {
      assertThat(IndexNames.isOfUnkept(topics, unneeded, kept)).as(unneeded).isTrue();
    }
    for (String other :
        List.of(
            "shop.index-0123456789abcdef-2",
            "shop.index-0123456789abcdef-2-1.alive",
            "other.index-fedcba9876543210-2",
            "shopXindex-fedcba9876543210-2",
            "shop.index-fedcba9876543210-2.bak",
            "photos",
            ".lock")) {
      assertThat(IndexNames.isOfUnkept(topics, other, kept)).as(other).isFalse();
    }
  }
}
