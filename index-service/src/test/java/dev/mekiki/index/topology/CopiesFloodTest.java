package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.CopiesDriver.WORLD;
import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.mekiki.index.MovableClock;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.runtime.match.QuarantineEvents;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.Quarantine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One picture, of which hundreds of others show a part: their bytes and fingerprints have nothing
/// in common with it.
class CopiesFloodTest {
  private static final int MAX_CANDIDATES = 5;
  private static final int LIMIT = 60;

  @TempDir private Path directory;
  private final MovableClock clock = new MovableClock(2_000_000);
  private CopiesDriver copies;

  @BeforeEach
  void open() {
    copies =
        new CopiesDriver(
            TopologyFixture.of(WORLD, TopologyFixture.matching(), clock),
            directory,
            MAX_CANDIDATES,
            FloodSettings.of(LIMIT, Duration.ofMinutes(1), 31, MAX_CANDIDATES));
  }

  @AfterEach
  void close() {
    copies.close();
  }

  @Test
  void pictureThatManyOthersShowIsHeldBackForAWhile() throws Exception {
    for (int i = 0; i < 100; i++) {
      copies.arrive("shows-%03d".formatted(i), showing(1, "content " + i, 10 + i));
    }
    // The first is found by most.
    int passedOn = copies.candidates().size();
    assertThat(passedOn).isGreaterThan(LIMIT);
    copies.sweep();
    List<Quarantine> began = quarantines();
    assertThat(began).isNotEmpty();
    assertThat(began)
        .allSatisfy(event -> {
          assertThat(event.getCopies()).isTrue();
          assertThat(event.getState()).isEqualTo(Quarantine.State.BEGAN);
        });
    assertThat(copies.searcher().quarantines()).hasSameSizeAs(began);

    // What is in quarantine is found by nobody, and asks nobody when it comes again.
    ImageLandmarks again = copy(began.getFirst());
    copies.sentProbes();
    copies.arrive("another", again);
    copies.probe("z", 1, 0, again);
    assertThat(copies.candidates()).isEmpty();
    assertThat(copies.sentProbes()).isEmpty();
    assertThat(copies.count("mekiki.index.copies.held.back")).isEqualTo(2);
    assertThat(copies.store().images()).isEqualTo(101);

    // It ends by itself.
    clock.move(Duration.ofMinutes(2));
    copies.sweep();
    assertThat(quarantines()).isNotEmpty();
    copies.arrive("later", showing(1, "later", 5_000));
    assertThat(copies.candidates()).isNotEmpty();
  }

  @Test
  void otherPicturesAreLookedUpAsBefore() {
    copies.arrive("other-1", showing(2, "other 1", 1));
    for (int i = 0; i < 100; i++) {
      copies.arrive("shows-%03d".formatted(i), showing(1, "content " + i, 10 + i));
    }
    copies.candidates();

    copies.arrive("other-2", showing(2, "other 2", 1_000));

    assertThat(copies.candidates())
        .singleElement()
        .satisfies(pair -> assertThat(pair.getFoundId()).isEqualTo("other-1"));
  }

  /// The image of which a quarantine is.
  private static ImageLandmarks copy(Quarantine quarantine) {
    int number = Integer.parseInt(quarantine.getExamples(0).substring("shows-".length()));
    return showing(1, "content " + number, 2_000);
  }

  private List<Quarantine> quarantines() throws Exception {
    List<Quarantine> events = new ArrayList<>();
    for (TestRecord<String, String> record : copies.events()) {
      assertThat(new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
          .isEqualTo(QuarantineEvents.TYPE);
      Quarantine.Builder event = Quarantine.newBuilder();
      JsonFormat.parser().merge(record.value(), event);
      events.add(event.build());
    }
    return events;
  }
}
