package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.index.MovableClock;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageLandmarks;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Partitions of landmarks of images that end.
class CopiesExpiryTest {
  /// Milliseconds: when the image at offset 0 was sent.
  private static final long SENT = 1_000_000;

  private static final long NOW = SENT + 60_000;
  private final MovableClock clock = new MovableClock(NOW);
  @TempDir private Path directory;
  private CopiesDriver copies;

  @BeforeEach
  void open() {
    open(Retention.NONE);
  }

  private void open(Retention retention) {
    copies =
        new CopiesDriver(
            TopologyFixture.of(CopiesDriver.WORLD, TopologyFixture.matching(), retention, clock),
            directory,
            8);
  }

  @AfterEach
  void close() {
    copies.close();
  }

  @Test
  void expiredImageLeavesTheStore() {
    copies.arrive("a", expiring(1, "one", 1, NOW + 10_000));
    copies.arrive("b", showing(2, "two", 2));

    clock.move(Duration.ofMillis(9_999));
    copies.sweep();
    assertThat(copies.store().images()).isEqualTo(2);

    clock.move(Duration.ofMillis(1));
    copies.sweep();
    assertThat(copies.store().images()).isOne();
    assertThat(copies.count("mekiki.index.copies.expired")).isOne();
  }

  @Test
  void imageThatHasEndedIsPassedOnByNobody() {
    copies.arrive("a", expiring(1, "one", 1, NOW + 10_000));
    copies.arrive("b", showing(1, "two", 2));
    assertThat(copies.candidates()).hasSize(1);

    clock.move(Duration.ofSeconds(10));
    copies.arrive("c", showing(1, "three", 3));
    assertThat(copies.candidates()).hasSize(1).allMatch(pair -> pair.getFoundId().equals("b"));
    copies.probe("z", 1, 3, expiring(1, "four", 4, NOW + 10_000));
    assertThat(copies.candidates()).isEmpty();
    copies.sentProbes();
    copies.arrive("d", showing(1, "five", 5));
    assertThat(copies.sentProbes().getFirst().getSeen()).isOne();
  }

  @Test
  void arrivalThatHasEndedRemovesTheOlderVersion() {
    copies.arrive("a", showing(1, "one", 1));
    copies.sentProbes();

    copies.arrive("a", expiring(1, "two", 2, NOW));

    assertThat(copies.store().images()).isZero();
    assertThat(copies.sentProbes()).isEmpty();
    // It is read again.
    copies.arrive("b", showing(1, "three", 4));
    copies.arrive("b", expiring(1, "four", 3, NOW));
    assertThat(copies.store().images()).isOne();
  }

  @Test
  void imageSentAgainEndsLater() {
    close();
    open(new Retention(Duration.ofMillis(60_010)));
    copies.arrive("a", showing(1, "one", 1));
    copies.arrive("b", showing(2, "two", 2));
    copies.arrive("b", showing(2, "two", 9));

    clock.move(Duration.ofMillis(12));
    copies.sweep();
    assertThat(copies.store().images()).isOne();
    copies.arrive("c", showing(2, "three", 10));
    assertThat(copies.candidates()).hasSize(1);

    clock.move(Duration.ofMillis(7));
    copies.sweep();
    assertThat(copies.store().images()).isOne();
  }

  @Test
  void retentionThatIsConfiguredLaterHoldsForWhatIsThere() {
    close();
    open(new Retention(Duration.ofSeconds(55)));
    // As an instance without a retention has left them.
    copies.store("a", showing(1, "one", 1));
    copies.store("b", showing(2, "two", 9_000));

    copies.sweep();

    assertThat(copies.store().images()).isOne();
  }

  @Test
  void expiryThatIsNoTimeIsLeftOut() {
    ImageLandmarks image = showing(1, "one", 1);
    CopyImage never =
        image.getImage().toBuilder()
            .setExpireTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
            .build();

    copies.arrive("a", image.toBuilder().setImage(never).build());

    assertThat(copies.store().images()).isZero();
    assertThat(copies.leftOut("image-landmarks")).isOne();
  }

  private static ImageLandmarks expiring(int picture, String content, long offset, long expires) {
    ImageLandmarks image = showing(picture, content, offset);
    return image.toBuilder()
        .setImage(image.getImage().toBuilder().setExpireTime(Timestamps.fromMillis(expires)))
        .build();
  }
}
