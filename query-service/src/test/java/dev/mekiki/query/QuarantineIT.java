package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.schemas.v1.ListQuarantineRequest;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.QuarantinedPicture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is in quarantine, over two index instances whose partitions hold back one picture each.
class QuarantineIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int COPIES = 400;

  @TempDir private Path directory;

  @Test
  void pictureThatMatchesTooOftenIsListedWithAllPartitionsThatHoldItBack() throws Exception {
    Map<String, String> settings =
        Map.of("mekiki.match.flood-limit", "50", "mekiki.match.max-events-per-arrival", "5");
    try (TestCluster cluster = new TestCluster(directory, settings)) {
      assertThat(listed(cluster).getPicturesList()).isEmpty();
      for (int i = 0; i < COPIES; i++) {
        String id = "placeholder-" + i;
        // Of one fingerprint, whatever their codes are.
        cluster.sendLater(id, cluster.code(id, cluster.centers.center(i % cluster.centers.size())));
      }

      await()
          .atMost(LIMIT)
          .untilAsserted(() -> {
            ListQuarantineResponse listed = listed(cluster);
            assertThat(listed.getComplete()).isTrue();
            assertThat(listed.getPicturesList()).hasSize(1);
            QuarantinedPicture picture = listed.getPictures(0);
            assertThat(picture.getFingerprint()).isEqualTo("0".repeat(64));
            assertThat(picture.getRadius()).isEqualTo(31);
            assertThat(picture.getImages()).isBetween((long) COPIES / 3, (long) COPIES);
            assertThat(picture.getPartitionsList())
                .hasSizeGreaterThan(1)
                .doesNotHaveDuplicates()
                .isSorted();
            assertThat(picture.getExamplesList())
                .hasSizeBetween(1, 5)
                .allMatch(id -> id.startsWith("placeholder-"));
            assertThat(picture.getExplanation())
                .contains(
                    picture.getImages() + " images of a picture made no events since ",
                    "mekiki mute add --fingerprint " + "0".repeat(64) + " --radius 31");
          });
      assertThat(
              cluster
                  .client(PolicyGrpc.PolicyBlockingStub.class)
                  .listQuarantine(ListQuarantineRequest.getDefaultInstance())
                  .getPictures(0)
                  .getFingerprint())
          .isEqualTo("0".repeat(64));
      assertThat(cluster.http.get("/v1/quarantine?tenant=x").status())
          .isEqualTo(HttpStatus.BAD_REQUEST);
    }
  }

  private static ListQuarantineResponse listed(TestCluster cluster) throws Exception {
    var answer = cluster.http.get("/v1/quarantine");
    assertThat(answer.status()).as(answer.contentUtf8()).isEqualTo(HttpStatus.OK);
    ListQuarantineResponse.Builder response = ListQuarantineResponse.newBuilder();
    JsonFormat.parser().merge(answer.contentUtf8(), response);
    return response.build();
  }
}
