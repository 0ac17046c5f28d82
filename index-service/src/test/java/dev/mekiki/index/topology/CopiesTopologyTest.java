package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.CopiesDriver.ELSEWHERE;
import static dev.mekiki.index.topology.CopiesDriver.ofTenant;
import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.LandmarkProbe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a partition of landmarks passes on, asks, and stores.
class CopiesTopologyTest {
  private static final int MAX_CANDIDATES = 3;

  @TempDir private Path directory;
  private CopiesDriver copies;

  @BeforeEach
  void open() {
    copies = new CopiesDriver(directory, MAX_CANDIDATES);
  }

  @AfterEach
  void close() {
    copies.close();
  }

  @Test
  void imagesThatShareLandmarksArePassedOn() {
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("b", showing(2, "two", 2));
    copies.arrive("c", showing(1, "three", 3));

    CopyCandidate pair = only();
    assertThat(pair.getSoughtId()).isEqualTo("c");
    assertThat(pair.getFoundId()).isEqualTo("a");
    assertThat(pair.getSoughtIsLater()).isTrue();
    assertThat(pair.getFound()).isEqualTo(showing(1, "one", 1).getImage());
    assertThat(pair.getProposalsList())
        .first()
        .satisfies(proposal -> {
          assertThat(proposal.getVotes()).isGreaterThan(8);
          // The same picture: every point goes to itself.
          assertThat(proposal.getMap(0)).isBetween(0.95, 1.05);
          assertThat(proposal.getMap(1)).isBetween(-0.05, 0.05);
        });
    assertThat(copies.store().images()).isEqualTo(3);
  }

  @Test
  void whatFingerprintsFindIsLeftToThem() {
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("b", showing(1, "one", 2));

    assertThat(copies.candidates()).isEmpty();
  }

  @Test
  void imagesOfDifferentTenantsAreNotPassedOn() {
    copies.arrive("a", of("shop", showing(1, "one", 1)));
    copies.arrive("b", of("market", showing(1, "two", 2)));
    assertThat(copies.candidates()).isEmpty();

    copies.arrive("c", of("shop", showing(1, "three", 3)));
    assertThat(only().getFoundId()).isEqualTo("a");
  }

  @Test
  void mutedImageAsksNobodyAndIsNotPassedOn() {
    copies.decide(Policies.of(List.of(new Muted.Image(null, "a")), new DismissedPairs(), Map.of()));
    copies.arrive("a", showing(1, "one", 1));
    assertThat(copies.sentProbes()).isEmpty();
    copies.arrive("b", showing(1, "two", 2));
    assertThat(copies.candidates()).isEmpty();

    // Whoever comes once it is muted no more meets it, even the smaller id of two that cross.
    copies.decide(Policies.NONE);
    copies.probe("0", 1, 0, showing(1, "three", 3));
    assertThat(copies.candidates()).extracting(CopyCandidate::getFoundId).contains("a");
  }

  private static ImageLandmarks of(String tenant, ImageLandmarks landmarks) {
    return landmarks.toBuilder()
        .setImage(landmarks.getImage().toBuilder().setTenant(tenant))
        .build();
  }

  @Test
  void newRevisionAsksEachOtherPartitionOnce() {
    copies.probe("z", 41, 0, showing(3, "zero", 9));
    ImageLandmarks image = showing(1, "one", 1);
    copies.arrive("a", image);
    copies.arrive("a", showing(1, "one", 2));

    assertThat(copies.sentProbes()).containsExactly(CopiesDriver.probe("a", 1, 41, 0, image));
  }

  @Test
  void sameBytesAgainKeepTheirRevision() {
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("a", showing(1, "one", 5));
    copies.arrive("b", showing(1, "two", 6));

    assertThat(only().getFound().getRevision().getOffset()).isOne();
  }

  @Test
  void olderRecordOfAnImageIsIgnored() {
    copies.arrive("a", showing(1, "one", 5));
    copies.arrive("a", showing(2, "older", 4));
    copies.arrive("b", showing(2, "two", 6));

    assertThat(copies.candidates()).isEmpty();
    assertThat(copies.count("mekiki.index.copies.stale")).isOne();
  }

  @Test
  void removedAndReplacedImagesAreFoundNoMore() {
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("b", showing(2, "two", 2));
    copies.arrive("a", null);
    copies.arrive("b", showing(3, "other", 3));
    copies.arrive("c", showing(1, "three", 4));
    copies.arrive("d", showing(2, "four", 5));

    assertThat(copies.candidates()).isEmpty();
    assertThat(copies.store().images()).isEqualTo(3);
  }

  @Test
  void probeFindsWhatItsOwnPartitionCouldNot() {
    copies.arrive("m", showing(1, "one", 1));

    // z was stored elsewhere after m's probe was processed there.
    copies.probe("z", 1, 1, showing(1, "two", 2));

    assertThat(only().getFoundId()).isEqualTo("m");
  }

  @Test
  void probesThatCrossArePassedOnWhereTheSmallerIdIs() {
    copies.arrive("m", showing(1, "one", 1));

    copies.probe("a", 1, 0, showing(1, "two", 2));
    assertThat(copies.candidates()).isEmpty();

    copies.probe("z", 2, 0, showing(1, "three", 3));
    assertThat(only().getSoughtId()).isEqualTo("z");
  }

  @Test
  void mostPairsOfAnArrivalAreLimitedAndTheRestIsSaid() {
    for (int i = 0; i < MAX_CANDIDATES + 2; i++) {
      copies.arrive("image" + i, showing(1, "content" + i, i));
      if (i < MAX_CANDIDATES + 1) {
        copies.candidates();
      }
    }

    assertThat(copies.candidates())
        .hasSize(MAX_CANDIDATES)
        .allSatisfy(pair -> assertThat(pair.getLeftOut()).isOne());
    assertThat(copies.count("mekiki.index.copies.left.out")).isEqualTo(1);
  }

  /// There are more of the other tenant's than one arrival looks up.
  @Test
  void imagesOfOtherTenantsTakeNoPlace() {
    for (int i = 0; i < 15 * MAX_CANDIDATES; i++) {
      copies.arrive("theirs" + i, ofTenant("them", showing(1, "theirs" + i, i)));
    }
    copies.arrive("ours", ofTenant("us", showing(1, "ours", 1_000)));
    copies.candidates();

    copies.arrive("sought", ofTenant("us", showing(1, "sought", 1_001)));
    assertThat(only().getFoundId()).isEqualTo("ours");

    copies.probe("asked", 1, 1_000, ofTenant("us", showing(1, "asked", 1_002)));
    assertThat(copies.candidates())
        .extracting(CopyCandidate::getFoundId)
        .containsExactlyInAnyOrder("ours", "sought");
  }

  @Test
  void defectiveRecordsAreLeftOut() {
    ImageLandmarks good = showing(1, "one", 1);
    copies.arrive("a", good);
    List<ImageLandmarks> defective =
        List.of(
            good.toBuilder().clearImage().build(),
            good.toBuilder().setStored(ByteString.copyFrom(new byte[5])).build(),
            good.toBuilder().setSought(ByteString.copyFrom(new byte[49])).build(),
            good.toBuilder().setStored(ByteString.copyFrom(new byte[22 * 33])).build(),
            good.toBuilder().setSoughtFingerprints(ByteString.copyFrom(new byte[271])).build(),
            good.toBuilder()
                .setImage(good.getImage().toBuilder().setHashCode(ByteString.EMPTY))
                .build());
    defective.forEach(image -> copies.arrive("b", image));
    copies.arriveBytes("b", new byte[] {1, 2, 3});
    assertThat(copies.leftOut("image-landmarks")).isEqualTo(defective.size() + 1.0);

    LandmarkProbe probe = CopiesDriver.probe("z", 1, 1, ELSEWHERE, showing(1, "two", 2));
    List<LandmarkProbe> probes =
        List.of(
            probe.toBuilder().clearImageId().build(),
            probe.toBuilder().setFrom(2).build(),
            probe.toBuilder().setFrom(0).build(),
            probe.toBuilder().setSequence(0).build(),
            probe.toBuilder().setSeen(-1).build(),
            probe.toBuilder().setSought(ByteString.copyFrom(new byte[7])).build(),
            probe.toBuilder().setSoughtFingerprints(ByteString.copyFrom(new byte[7])).build());
    copies.ask(probes.toArray(LandmarkProbe[]::new));
    assertThat(copies.leftOut("landmark-probes")).isEqualTo(probes.size());

    // A defective one costs none beside it.
    copies.ask(probes.getFirst(), probe);
    assertThat(only().getFoundId()).isEqualTo("a");
  }

  private CopyCandidate only() {
    List<CopyCandidate> pairs = copies.candidates();
    assertThat(pairs).hasSize(1);
    return pairs.getFirst();
  }
}
