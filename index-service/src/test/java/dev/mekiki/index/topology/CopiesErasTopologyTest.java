package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.match.Eras;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a partition of landmarks does about cuts.
class CopiesErasTopologyTest {
  /// Others are active after offset 10, this generation again after 20.
  private static final Eras.Cut THERE = new Eras.Cut(false, "", List.of(10L));

  private static final Eras.Cut BACK = new Eras.Cut(true, "", List.of(20L));

  private final AtomicReference<Eras> made = new AtomicReference<>(Eras.NONE);
  @TempDir private Path directory;
  private CopiesDriver copies;

  @BeforeEach
  void open() {
    copies = new CopiesDriver(TopologyFixture.of(CopiesDriver.WORLD, made::get), directory, 10);
  }

  @AfterEach
  void close() {
    copies.close();
  }

  @Test
  void aPairIsPassedOnWhereTheLaterOfItsErasIsOwn() {
    copies.arrive("a", showing(1, "one", 5));
    made.set(new Eras(List.of(THERE), 0, false));
    copies.mark(1);
    copies.arrive("b", showing(1, "two", 9));
    assertThat(found()).containsExactly("a");
    copies.arrive("c", showing(1, "three", 10));
    copies.arrive("d", showing(1, "four", 19));
    assertThat(found()).isEmpty();

    made.set(new Eras(List.of(THERE, BACK), 0, false));
    copies.mark(2);
    copies.arrive("e", showing(1, "five", 20));
    assertThat(found()).containsExactlyInAnyOrder("a", "b", "c", "d");
    // An image of before that comes late.
    copies.arrive("f", showing(1, "six", 8));
    assertThat(found()).containsExactlyInAnyOrder("a", "b", "e");
  }

  @Test
  void aProbeNamesItsEra() {
    made.set(new Eras(List.of(THERE), 0, false));
    copies.arrive("a", showing(1, "one", 15));
    CopyImage image = copies.sentProbes().getFirst().getImage();
    assertThat(image.getEra()).isEqualTo(1);
    assertThat(image.getSilent()).isTrue();

    // Whom another partition asks in its era answers by that, too.
    copies.arrive("b", showing(2, "two", 5));
    copies.probe("z", 1, 1, in(2, false, showing(2, "three", 25)));
    assertThat(found()).containsExactly("b");
    copies.probe("y", 2, 1, in(1, true, showing(2, "four", 11)));
    assertThat(found()).isEmpty();
  }

  @Test
  void theSameBytesStayInTheEraOfTheirRevision() {
    copies.arrive("a", showing(1, "one", 5));
    made.set(new Eras(List.of(THERE), 0, false));
    copies.mark(1);
    copies.arrive("a", showing(1, "one", 12));
    copies.arrive("b", showing(1, "two", 9));
    assertThat(found()).containsExactly("a");
  }

  private static ImageLandmarks in(int era, boolean silent, ImageLandmarks image) {
    return image.toBuilder()
        .setImage(image.getImage().toBuilder().setEra(era).setSilent(silent))
        .build();
  }

  private List<String> found() {
    return copies.candidates().stream().map(CopyCandidate::getFoundId).toList();
  }
}
