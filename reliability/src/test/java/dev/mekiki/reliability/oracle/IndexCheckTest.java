package dev.mekiki.reliability.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Records;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each fault that the check is there for is found, and a right index is right.
class IndexCheckTest {
  private final Records records = new Records();
  private final Place first = records.encoded("a", "house", 0b0001);
  private final Place tree = records.encoded("b", "tree", 0b0011);
  private final Place second = records.encoded("a", "barn", 0b0111);

  @Test
  void everyImageIsFoundAsItsLastRevision() {
    assertThat(wrong(hit("b", tree, 2), hit("a", second, 3))).isEmpty();
    assertThat(wrong(hit("b", tree, 2), hit("a", first, 3)))
        .containsExactly("now: 'a' is found as 0@0, not as 0@2");
  }

  @Test
  void anImageIsMissingOrThereTwice() {
    assertThat(wrong(hit("b", tree, 2))).containsExactly("now: 'a' 0@2 cannot be found");
    assertThat(wrong(hit("b", tree, 2), hit("b", tree, 2), hit("a", second, 3)))
        .containsExactly("now: 'b' is found twice");
  }

  @Test
  void anImageIsOfAnotherCodeOrGone() {
    assertThat(wrong(hit("b", tree, 1), hit("a", second, 3)))
        .containsExactly("now: 'b' has another code");
    records.image("b", null);
    assertThat(wrong(hit("b", tree, 2), hit("a", second, 3)))
        .containsExactly("now: 'b' 0@1 is found and was removed");
  }

  private List<String> wrong(SearchHit... hits) {
    Findings findings = new Findings();
    new IndexCheck(records.history())
        .compare(
            SearchResponse.newBuilder().addAllHits(List.of(hits)).build(),
            HashCode.of(64, 0),
            "now",
            findings);
    return findings.lines();
  }

  private static SearchHit hit(String id, Place place, int distance) {
    return SearchHit.newBuilder()
        .setImageId(id)
        .setCodeDistance(distance)
        .setRevision(
            SourceCoordinate.newBuilder().setPartition(place.partition()).setOffset(place.offset()))
        .build();
  }
}
