package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.index.MovableClock;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.Placement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a partition does with images that have ended before placement has removed them.
class PartitionExpiryTest {
  /// Milliseconds: when the image at offset 0 was sent.
  private static final long SENT = 1_000_000;

  private static final long NOW = SENT + 60_000;
  private final MovableClock clock = new MovableClock(NOW);
  @TempDir private Path directory;
  private PartitionIndexDriver index;

  @BeforeEach
  void open() {
    open(Retention.NONE);
  }

  private void open(Retention retention) {
    index =
        new PartitionIndexDriver(
            TopologyFixture.of(
                PartitionIndexDriver.WORLD, TopologyFixture.matching(), retention, clock),
            clock,
            directory);
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void storedImageThatHasEndedMatchesNothing() {
    index.arrive("a", expiring("one", 1, NOW + 1_000));
    index.arrive("b", at(HERE, "two", 2));
    assertThat(events()).hasSize(1);

    clock.move(Duration.ofSeconds(1));
    index.arrive("c", at(HERE, "three", 3));
    assertThat(events())
        .as("c with b alone")
        .hasSize(1)
        .allMatch(event -> !event.contains("\"a\""));
    index.probe("z", 1, 3, at(ELSEWHERE, "four", 4));
    assertThat(events()).hasSize(2).allMatch(event -> !event.contains("\"a\""));
  }

  @Test
  void arrivalThatHasEndedOnItsWayIsARemoval() {
    index.arrive("a", at(HERE, "one", 1));
    index.arrive("b", at(HERE, "two", 2));
    index.sentProbes();
    events();

    index.arrive("a", expiring("three", 3, NOW));

    assertThat(index.found(CODE)).containsExactly("b");
    assertThat(events()).isEmpty();
    assertThat(index.sentProbes()).isEmpty();
  }

  @Test
  void probeThatHasEndedOnItsWayFindsNothingButCounts() {
    index.arrive("a", at(HERE, "one", 1));
    index.sentProbes();

    index.probe("z", 41, 0, at(ELSEWHERE, "two", 2).toBuilder().setExpireTime(time(NOW)).build());

    assertThat(events()).isEmpty();
    index.arrive("b", at(HERE, "three", 3));
    assertThat(index.sentProbes().getFirst().getSeen()).isEqualTo(41);
  }

  @Test
  void probesCarryTheEnd() {
    index.arrive(
        "a",
        expiring("one", 1, NOW + 5).toBuilder()
            .setRenewedTime(time(SENT + 7))
            .putFilterableMetadata("k", "v")
            .build());

    Placement sent = index.sentProbes().getFirst().getPlacement();
    assertThat(sent.getExpireTime()).isEqualTo(time(NOW + 5));
    assertThat(sent.getRenewedTime()).isEqualTo(time(SENT + 7));
  }

  @Test
  void retentionCountsFromTheNewestRecord() {
    close();
    open(new Retention(Duration.ofMillis(60_010)));
    index.arrive("a", at(HERE, "one", 1));
    index.arrive("b", at(HERE, "two", 2));
    events();
    index.arrive("b", at(HERE, "two", 2).toBuilder().setRenewedTime(time(SENT + 9)).build());

    clock.move(Duration.ofMillis(13));
    index.arrive("c", at(HERE, "three", 8));

    assertThat(events()).hasSize(1).allMatch(event -> event.contains("\"b\""));
    index.arrive("too old", at(HERE, "four", 3));
    assertThat(index.found(CODE)).doesNotContain("too old");
  }

  private List<String> events() {
    return index.matches().readValuesToList();
  }

  private static Placement at(int home, String content, long offset) {
    return PartitionIndexDriver.at(home, CODE, content, offset);
  }

  private static Placement expiring(String content, long offset, long expires) {
    return at(HERE, content, offset).toBuilder().setExpireTime(time(expires)).build();
  }

  private static Timestamp time(long millis) {
    return Timestamps.fromMillis(millis);
  }
}
