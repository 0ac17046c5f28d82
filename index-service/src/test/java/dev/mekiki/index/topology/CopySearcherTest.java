package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.CopiesDriver.ofTenant;
import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.copies.CopySearcher;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.ImageLandmarks;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searches for copies in a partition of landmarks.
class CopySearcherTest {
  private static final int MAX_CANDIDATES = 3;

  @TempDir private Path directory;
  private CopiesDriver copies;
  private CopySearcher searcher;

  @BeforeEach
  void open() {
    copies = new CopiesDriver(directory, MAX_CANDIDATES);
    searcher = copies.searcher();
  }

  @AfterEach
  void close() {
    copies.close();
  }

  @Test
  void imagesThatShareLandmarksAreFoundAndNothingIsStored() throws Exception {
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("b", showing(2, "two", 2));

    FoundCopy found = only(find(showing(1, "three", 3)));
    assertThat(found.getImageId()).isEqualTo("a");
    assertThat(found.getImage()).isEqualTo(showing(1, "one", 1).getImage());
    assertThat(found.getDecidedBy()).isEqualTo(DecidedBy.DECIDED_BY_UNSPECIFIED);
    assertThat(found.getProposals(0).getVotes()).isGreaterThan(8);
    assertThat(found.getProposals(0).getMap(0)).isBetween(0.95, 1.05);
    assertThat(copies.store().images()).isEqualTo(2);
    assertThat(copies.candidates()).isEmpty();
    assertThat(find(showing(9, "four", 4)).getFoundList()).isEmpty();
  }

  @Test
  void bytesAndFingerprintsDecideWithoutAnAlignment() throws Exception {
    copies.arrive("a", showing(1, "one", 1));
    ImageLandmarks near = showing(1, "two", 2);
    CopyImage image =
        near.getImage().toBuilder()
            .setFingerprint(showing(1, "one", 1).getImage().getFingerprint())
            .build();

    assertThat(only(find(showing(1, "one", 7))).getDecidedBy()).isEqualTo(DecidedBy.BYTES);
    assertThat(only(find(near.toBuilder().setImage(image).build())))
        .satisfies(found -> {
          assertThat(found.getDecidedBy()).isEqualTo(DecidedBy.FINGERPRINT);
          assertThat(found.getFingerprintDistance()).isZero();
        });
    // One without features matches its bytes alone.
    CopyImage flat = image.toBuilder().setFingerprintQuality(10).build();
    assertThat(find(near.toBuilder().setImage(flat).build()).getFoundList()).isEmpty();
  }

  @Test
  void candidatesAreLimitedAndTheRestIsSaid() throws Exception {
    copies.arrive("same", showing(1, "sought", 1));
    for (int i = 0; i < MAX_CANDIDATES + 2; i++) {
      copies.arrive("image" + i, showing(1, "content" + i, 2 + i));
    }

    FindCopiesResponse found = find(showing(1, "sought", 99));

    // What bytes decide takes no place.
    assertThat(found.getFoundList())
        .hasSize(MAX_CANDIDATES + 1)
        .extracting(FoundCopy::getImageId)
        .contains("same");
    assertThat(found.getLeftOut()).isEqualTo(2);
  }

  @Test
  void partitionsThatAreNotActiveHereAreNamed() throws Exception {
    copies.arrive("a", showing(1, "one", 1));

    FindCopiesResponse found =
        searcher.find(List.of(0, CopiesDriver.ELSEWHERE), query(showing(1, "two", 2), null), 1_000);
    assertThat(found.getNotActiveList()).containsExactly(CopiesDriver.ELSEWHERE);
    assertThat(found.getFoundCount()).isOne();

    copies.store().deactivate();
    assertThat(find(showing(1, "two", 2)))
        .isEqualTo(FindCopiesResponse.newBuilder().addNotActive(0).build());
  }

  @Test
  void removedImagesAreFoundNoMore() throws Exception {
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("a", null);

    assertThat(find(showing(1, "two", 2)).getFoundList()).isEmpty();
  }

  /// There are more of the other tenant's than one key is read of, and than are looked up.
  @Test
  void imagesOfOtherTenantsAreNotFoundAndTakeNobodysPlace() throws Exception {
    for (int i = 0; i < 200; i++) {
      copies.arrive("theirs" + i, ofTenant("them", showing(1, "theirs" + i, 1 + i)));
    }
    copies.arrive("ours", ofTenant("us", showing(1, "ours", 1_000)));
    copies.arrive("nobodys", showing(1, "nobodys", 1_001));
    ImageLandmarks sought = showing(1, "sought", 99);

    FindCopiesResponse ours = find(sought, "us");
    assertThat(only(ours).getImageId()).isEqualTo("ours");
    assertThat(ours.getLeftOut()).isZero();
    assertThat(only(find(sought, "")).getImageId()).isEqualTo("nobodys");
    assertThat(find(sought, "strangers")).isEqualTo(FindCopiesResponse.getDefaultInstance());
    assertThat(find(sought, "them").getFoundList())
        .hasSize(MAX_CANDIDATES)
        .allSatisfy(found -> assertThat(found.getImageId()).startsWith("theirs"));
  }

  @Test
  void imageThatBecomesAnotherTenantsIsFoundByThatOneAlone() throws Exception {
    copies.arrive("a", ofTenant("us", showing(1, "one", 1)));
    copies.arrive("a", ofTenant("them", showing(1, "one", 2)));

    assertThat(find(showing(1, "sought", 9), "us").getFoundList()).isEmpty();
    assertThat(only(find(showing(1, "sought", 9), "them")).getImageId()).isEqualTo("a");
  }

  private FindCopiesResponse find(ImageLandmarks sought) throws Exception {
    return find(sought, null);
  }

  private FindCopiesResponse find(ImageLandmarks sought, @Nullable String tenant) throws Exception {
    return searcher.find(List.of(0), query(sought, tenant), 60_000);
  }

  private static CopySearcher.Query query(ImageLandmarks sought, @Nullable String tenant) {
    CopyImage image = sought.getImage();
    return new CopySearcher.Query(
        HashCode.fromBytes(image.getHashCode().toByteArray()),
        new CopyRule.Picture(
            new Fingerprint(
                HashCode.fromBytes(image.getFingerprint().toByteArray()),
                image.getFingerprintQuality()),
            Sha256.of(image.getSha256().toByteArray())),
        SoughtLandmarks.fromBytes(sought.getSought().toByteArray()),
        tenant);
  }

  private static FoundCopy only(FindCopiesResponse response) {
    assertThat(response.getFoundList()).hasSize(1);
    return response.getFound(0);
  }
}
