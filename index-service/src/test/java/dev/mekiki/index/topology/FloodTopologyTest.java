package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.index.World;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.runtime.match.QuarantineEvents;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.v1.Quarantine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One picture sent thousands of times.
class FloodTopologyTest extends PartitionIndexTestBase {
  private static final int COPIES = 3_000;
  private static final int CAP = 5;
  private static final int LIMIT = 50;
  private static final HashCode OTHER = World.fingerprint(new Random(99));

  @BeforeEach
  void limited() {
    reopen(
        new MatchSettings(
            TopologyFixture.matching().policy(),
            OriginFilter.DEFAULT,
            FloodSettings.of(LIMIT, Duration.ofMinutes(1), 31, CAP),
            MetadataKeys.NONE,
            CAP));
  }

  @Test
  void floodEndsInOneEventAndAllImagesAreKept() throws Exception {
    flood();

    // Matches beyond the cap count, too: 0 + 1 + ... + 10 are 55.
    assertThat(index.matches().readRecordsToList()).hasSizeBetween(CAP, LIMIT);
    assertThat(index.sentProbes()).hasSizeLessThan(20);
    assertThat(index.store().images()).isEqualTo(COPIES);
    assertThat(index.count("mekiki.index.held.back")).isGreaterThan(COPIES - 20);

    index.passTime(Duration.ofSeconds(1));
    TestRecord<String, String> record = index.matches().readRecord();
    assertThat(new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
        .isEqualTo(QuarantineEvents.TYPE);
    Quarantine.Builder event = Quarantine.newBuilder();
    JsonFormat.parser().merge(record.value(), event);
    assertThat(event.getState()).isEqualTo(Quarantine.State.BEGAN);
    assertThat(index.matches().isEmpty()).isTrue();
  }

  @Test
  void othersAreMatchedAsBefore() {
    index.arrive("other-1", at(HERE, CODE, OTHER, "other", 1));
    flood();
    index.matches().readRecordsToList();

    index.arrive("other-2", at(HERE, CODE, OTHER, "other", 2));

    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("other-1");
  }

  @Test
  void probeOfThePictureIsHeldBackToo() {
    flood();
    index.matches().readRecordsToList();

    index.probe("z", 1, 0, at(ELSEWHERE, CODE, "copy", 1));

    assertThat(index.matches().isEmpty()).isTrue();
  }

  @Test
  void imageThatAskedNobodyIsMetByWhoeverAsksAfterTheFlood() {
    flood();
    index.matches().readRecordsToList();
    // One window with the flood, one without.
    index.passTime(Duration.ofMinutes(1));
    index.passTime(Duration.ofMinutes(1));
    assertThat(index.count("mekiki.index.quarantines", "state", "ended")).isEqualTo(1);
    index.matches().readRecordsToList();

    // The home of 0 had processed no probe from here, and its id is smaller. A row with a sequence
    // would be left to that home, which no probe of it has reached.
    index.probe("0", 1, 0, at(ELSEWHERE, CODE, "copy", 1));

    assertThat(index.matches().readRecordsToList()).hasSize(CAP);
  }

  private void flood() {
    for (int i = 0; i < COPIES; i++) {
      index.arrive("copy-%05d".formatted(i), at(HERE, CODE, "copy", 10 + i));
    }
  }
}
