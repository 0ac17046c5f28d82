package dev.mekiki.reliability.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private final Records records = new Records();

  @Test
  void aRepeatIsTheSameRevisionAndAnotherPictureIsNot() {
    Place first = records.encoded("a", "house", 1);
    records.encoded("a", "house", 3);
    Place second = records.encoded("a", "tree", 7);

    History history = records.history();

    assertThat(history.defects()).isEmpty();
    assertThat(history.revisions()).containsOnlyKeys(first, second);
    assertThat(revision(history, first).end()).isEqualTo(second);
    assertThat(revision(history, first).codes()).hasSize(2);
    assertThat(present(history).place()).isEqualTo(second);
  }

  @Test
  void whatIsDeletedIsGoneAndComesBackAsAnotherRevision() {
    Place first = records.encoded("a", "house", 1);
    Place deletion = records.image("a", null);
    assertThat(records.history().present()).isEmpty();

    Place again = records.encoded("a", "house", 1);

    assertThat(records.history().revisions()).containsOnlyKeys(first, again);
    assertThat(revision(records.history(), first).end()).isEqualTo(deletion);
  }

  @Test
  void aDeadLetterLeavesTheImageBeforeAsItIs() {
    Place good = records.encoded("a", "house", 1);
    records.deadLetter("a", records.image("a", "no picture"));

    assertThat(records.history().defects()).isEmpty();
    assertThat(present(records.history()).place()).isEqualTo(good);
  }

  @Test
  void anImageOfWhichNothingBecameIsLost() {
    Place lost = records.image("a", "house");

    assertThat(records.history().defects())
        .singleElement()
        .asString()
        .contains(lost.toString(), "lost");
  }

  @Test
  void anImageMayNotBeEncodedTwice() {
    Place place = records.encoded("a", "house", 1);
    records.code("a", "house", 1, place);

    assertThat(records.history().defects()).anyMatch(defect -> defect.contains("encoded twice"));
  }

  @Test
  void anImageMayNotHaveACodeAndADeadLetter() {
    records.deadLetter("a", records.encoded("a", "house", 1));

    assertThat(records.history().defects())
        .singleElement()
        .asString()
        .contains("a code and a dead letter");
  }

  @Test
  void codesOfAnImageKeepTheOrderOfItsRecords() {
    Place first = records.image("a", "house");
    Place second = records.image("a", "tree");
    records.code("a", "tree", 1, second);
    records.code("a", "house", 2, first);

    assertThat(records.history().defects()).anyMatch(defect -> defect.contains("out of order"));
  }

  @Test
  void aCodeIsOfTheBytesOfItsImage() {
    records.code("a", "tree", 1, records.image("a", "house"));

    assertThat(records.history().defects()).singleElement().asString().contains("of other bytes");
  }

  private static Revision revision(History history, Place place) {
    return Objects.requireNonNull(history.revisions().get(place));
  }

  private static Revision present(History history) {
    return Objects.requireNonNull(history.present().get("a"));
  }
}
