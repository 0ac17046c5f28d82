package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.Quarantine;
import dev.mekiki.schemas.v1.QuarantinedPicture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuarantineOperationTest {
  @Test
  void partitionsOfOnePictureAreOneAndTheLargestComesFirst() {
    ListQuarantineResponse merged =
        QuarantineOperation.merged(
            List.of(
                part("aa", 3, 10, 2_000, "x", "y").build(),
                part("bb", 1, 50, 3_000, "z").build(),
                part("aa", 1, 45, 1_000, "y", "1", "2", "3", "4").build()),
            _ -> true,
            true);

    assertThat(merged.getPicturesList())
        .extracting(QuarantinedPicture::getFingerprint)
        .containsExactly("aa", "bb");
    QuarantinedPicture first = merged.getPictures(0);
    assertThat(first.getImages()).isEqualTo(55);
    assertThat(first.getSince()).isEqualTo(Timestamps.fromMillis(1_000));
    assertThat(first.getPartitionsList()).containsExactly(1, 3);
    assertThat(first.getExamplesList()).containsExactly("x", "y", "1", "2", "3");
    assertThat(first.hasTenant()).isFalse();
    assertThat(merged.getComplete()).isTrue();
  }

  @Test
  void tenantsAndTheSearchForCopiesAreDistinguished() {
    List<Quarantine> all =
        List.of(
            part("aa", 0, 1, 1, "a").build(),
            part("aa", 0, 1, 1, "b").setTenant("").build(),
            part("aa", 0, 1, 1, "c").setTenant("shop").build(),
            part("aa", 0, 1, 1, "d").setTenant("shop").setCopies(true).build());

    assertThat(QuarantineOperation.merged(all, _ -> true, true).getPicturesList())
        .hasSize(4)
        .allSatisfy(picture -> assertThat(picture.getExamplesList()).hasSize(1));
    assertThat(
            QuarantineOperation.merged(all, one -> one.getTenant().equals("shop"), false)
                .getPicturesList())
        .extracting(picture -> picture.getExamples(0))
        .containsExactly("c", "d");
  }

  @Test
  void anAnswerIsBounded() {
    List<Quarantine> many = new ArrayList<>();
    for (int i = 0; i < 1_234; i++) {
      many.add(part("%064x".formatted(i), 0, i, 1, "a").build());
    }
    ListQuarantineResponse merged = QuarantineOperation.merged(many, _ -> true, false);
    assertThat(merged.getPicturesList()).hasSize(1_000);
    assertThat(merged.getPictures(0).getImages()).isEqualTo(1_233);
    assertThat(merged.getLeftOut()).isEqualTo(234);
    assertThat(merged.getComplete()).isFalse();
  }

  private static Quarantine.Builder part(
      String fingerprint, int partition, long images, long since, String... examples) {
    return Quarantine.newBuilder()
        .setFingerprint(fingerprint)
        .setRadius(31)
        .setPartition(partition)
        .setImages(images)
        .setSince(Timestamps.fromMillis(since))
        .addAllExamples(List.of(examples));
  }
}
