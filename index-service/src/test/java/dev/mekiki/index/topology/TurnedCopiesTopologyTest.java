package dev.mekiki.index.topology;

import static dev.mekiki.index.MadeUpLandmarks.framed;
import static dev.mekiki.index.MadeUpLandmarks.turned;
import static dev.mekiki.index.topology.CopiesDriver.ofTenant;
import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.pdq.Turn;
import dev.mekiki.hashing.turned.Region;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.ImageLandmarks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Turned and trimmed copies that a partition finds by fingerprints, whatever their landmarks.
class TurnedCopiesTopologyTest {
  private static final int MAX_CANDIDATES = 3;
  private static final Region LOWER_HALF = new Region(0, 0.5f, 1, 1);

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
  void turnedPictureIsPassedOnWithItsTurn() {
    ImageLandmarks original = showing(1, "one", 1);
    copies.arrive("a", original);
    copies.arrive("b", turned(showing(2, "two", 2), Turn.ROTATED_90, original));

    CopyCandidate pair = only();
    assertThat(pair.getSoughtId()).isEqualTo("b");
    assertThat(pair.getFoundId()).isEqualTo("a");
    assertThat(pair.getProposalsList())
        .singleElement()
        .satisfies(proposal -> {
          assertThat(proposal.getVotes()).isZero();
          // Of 256 x 192 both: left becomes up, 192 high become 256 wide.
          assertMap(proposal, 0, -256 / 192.0, 256, 192 / 256.0, 0, 0);
        });
  }

  /// There are more of the other tenant's than one fingerprint finds.
  @Test
  void imagesOfOtherTenantsTakeNoPlace() {
    ImageLandmarks original = showing(1, "one", 1);
    for (int i = 0; i < 4 * MAX_CANDIDATES; i++) {
      copies.arrive("theirs" + i, ofTenant("them", showing(10 + i, "one", 10 + i)));
    }
    copies.arrive("ours", ofTenant("us", original));
    copies.arrive("nobodys", showing(3, "one", 3));
    copies.candidates();

    ImageLandmarks turned = turned(showing(2, "two", 2), Turn.ROTATED_90, original);
    copies.arrive("b", ofTenant("us", turned));
    assertThat(only().getFoundId()).isEqualTo("ours");
    copies.arrive("c", turned);
    assertThat(only().getFoundId()).isEqualTo("nobodys");
  }

  @Test
  void whatLiesWithinABorderIsPassedOn() {
    ImageLandmarks original = showing(1, "one", 1);
    copies.arrive("a", original);
    copies.arrive("b", framed(showing(2, "two", 2), LOWER_HALF, Turn.NONE, original));

    assertThat(only().getProposalsList())
        .singleElement()
        .satisfies(proposal -> assertMap(proposal, 1, 0, 0, 0, 2, -192));
  }

  @Test
  void pictureIsFoundByWhatLiesWithinItsBorder() {
    ImageLandmarks original = showing(1, "one", 3);
    copies.arrive("a", framed(showing(2, "two", 2), LOWER_HALF, Turn.NONE, original));
    copies.arrive("b", turned(original, Turn.NONE, original));

    CopyCandidate pair = only();
    assertThat(pair.getFoundId()).isEqualTo("a");
    assertThat(pair.getProposalsList())
        .singleElement()
        .satisfies(proposal -> assertMap(proposal, 1, 0, 0, 0, 0.5, 96));
  }

  @Test
  void whatBothFindIsOnePair() {
    ImageLandmarks original = showing(1, "one", 1);
    copies.arrive("a", original);
    copies.arrive("b", turned(showing(1, "two", 2), Turn.MIRRORED, original));

    assertThat(only().getProposalsList())
        .extracting(proposal -> proposal.getVotes() > 0)
        .containsExactly(true, false);
  }

  @Test
  void whatFingerprintsFindAsItIsIsLeftToThem() {
    ImageLandmarks original = showing(1, "one", 1);
    copies.arrive("a", original);
    // Its own fingerprint is that of the other, as it is and mirrored.
    copies.arrive("b", turned(showing(2, "one", 2), Turn.MIRRORED, original));

    assertThat(copies.candidates()).isEmpty();
  }

  @Test
  void probeFindsTurnedPicturesHere() {
    ImageLandmarks original = showing(1, "one", 1);
    ImageLandmarks turned = turned(showing(2, "two", 2), Turn.FLIPPED, original);
    copies.arrive("m", original);
    copies.probe("z", 1, 1, turned);

    assertThat(only().getFoundId()).isEqualTo("m");

    copies.arrive("n", turned);
    assertThat(copies.sentProbes()).last().isEqualTo(CopiesDriver.probe("n", 2, 1, 0, turned));
  }

  @Test
  void featurelessPicturesNeitherFindNorAreFound() {
    ImageLandmarks original = showing(1, "one", 1);
    copies.arrive("a", original);
    copies.arrive("b", featureless(turned(showing(2, "two", 2), Turn.MIRRORED, original)));
    ImageLandmarks blank = featureless(showing(3, "three", 3));
    copies.arrive("c", blank);
    copies.arrive("d", turned(showing(4, "four", 4), Turn.MIRRORED, blank));

    assertThat(copies.candidates()).isEmpty();
  }

  @Test
  void recordFilledInAgainTakesOverWhatFindsIt() {
    ImageLandmarks original = showing(1, "one", 5);
    ImageLandmarks old = showing(2, "two", 1);
    ImageLandmarks framed = framed(old, LOWER_HALF, Turn.NONE, original);
    copies.arrive("a", old);
    int probes = copies.sentProbes().size();
    copies.arrive("a", framed);
    // A program that knows no fingerprints.
    copies.arrive("a", old);

    assertThat(probes).isOne();
    assertThat(copies.sentProbes()).isEmpty();
    copies.arrive("b", turned(original, Turn.NONE, original));
    assertThat(only().getFoundId()).isEqualTo("a");
  }

  @Test
  void removedAndReplacedPicturesAreFoundNoMore() {
    ImageLandmarks original = showing(1, "one", 1);
    copies.arrive("a", original);
    copies.arrive("b", showing(2, "two", 2));
    copies.arrive("a", null);
    copies.arrive("b", showing(3, "three", 3));
    copies.arrive("c", turned(showing(4, "four", 4), Turn.MIRRORED, original));
    copies.arrive("d", turned(showing(5, "five", 5), Turn.MIRRORED, showing(2, "two", 2)));

    assertThat(copies.candidates()).isEmpty();
  }

  private static ImageLandmarks featureless(ImageLandmarks image) {
    ImageLandmarks.Builder featureless = image.toBuilder();
    featureless.getImageBuilder().setFingerprintQuality(49);
    return featureless.build();
  }

  private static void assertMap(CopyProposal proposal, double... expected) {
    List<Double> map = proposal.getMapList();
    for (int i = 0; i < expected.length; i++) {
      assertThat(map.get(i)).as("m%d of %s", i, map).isCloseTo(expected[i], within(1e-6));
    }
  }

  private CopyCandidate only() {
    List<CopyCandidate> pairs = copies.candidates();
    assertThat(pairs).hasSize(1);
    return pairs.getFirst();
  }
}
