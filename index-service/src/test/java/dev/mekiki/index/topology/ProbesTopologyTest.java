package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.at;
import static dev.mekiki.index.topology.PartitionIndexDriver.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.World;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a partition asks the other one, and what it does when it is asked.
class ProbesTopologyTest extends PartitionIndexTestBase {
  @Test
  void newRevisionAsksEachOtherPartitionOnce() {
    index.arrive("a", at(HERE, CODE, "one", 1).toBuilder().putFilterableMetadata("k", "v").build());
    index.arrive("b", at(HERE, CODE, "two", 2));

    assertThat(index.sentProbes())
        .containsExactly(
            Probe.newBuilder()
                .setImageId(ByteString.copyFromUtf8("a"))
                .setFrom(HERE)
                .setSequence(1)
                .setPlacement(at(HERE, CODE, "one", 1))
                .build(),
            Probe.newBuilder()
                .setImageId(ByteString.copyFromUtf8("b"))
                .setFrom(HERE)
                .setSequence(2)
                .setPlacement(at(HERE, CODE, "two", 2))
                .build());
    assertThat(index.count("mekiki.index.arrivals")).isEqualTo(2);
    assertThat(index.count("mekiki.index.probes.sent")).isEqualTo(2);
    assertThat(index.store().arrivals()).isEqualTo(2);
    assertThat(index.store().probesSent()).isEqualTo(2);
  }

  @Test
  void probeSaysWhichProbesItsHomeHadProcessed() {
    index.probe("z", 41, 0, at(ELSEWHERE, CODE, "one", 1));

    index.arrive("a", at(HERE, CODE, "two", 2));

    assertThat(index.sentProbes().getFirst().getSeen()).isEqualTo(41);
  }

  @Test
  void repeatedRevisionKeepsItsSequenceAndAsksNobody() {
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "two", 2));
    index.sentProbes();

    index.arrive("a", at(HERE, CODE, "one", 1));

    assertThat(index.sentProbes()).isEmpty();
    index.matches().readRecordsToList();
    // b had been stored when a's probe was on its way, by its sequence of 2.
    index.probe("0", 1, 1, at(ELSEWHERE, CODE, "three", 3));
    assertThat(index.matches().readRecordsToList())
        .extracting(record -> parse(record.value()).getEarlier().getId())
        .containsExactly("a");
  }

  @Test
  void probeTellsPairsThatItsHomeCannotTell() {
    index.arrive("m", at(HERE, CODE, "one", 1));
    index.matches().readRecordsToList();

    // The home of z had processed m's probe before it stored z, so it reported no pair of the two.
    index.probe("z", 1, 1, at(ELSEWHERE, CODE, "two", 2));

    Match match = index.onlyMatch();
    assertThat(match.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(match.getLater().getId()).isEqualTo("z");
    assertThat(match.getLater().getRevision()).isEqualTo(World.source(2));
    assertThat(match.getEarlier().getId()).isEqualTo("m");
  }

  @Test
  void probesThatCrossAreReportedWhereTheSmallerIdIsAtHome() {
    index.arrive("m", at(HERE, CODE, "one", 1));

    // m's probe was still on its way when each of these was stored.
    index.probe("a", 1, 0, at(ELSEWHERE, CODE, "two", 2));
    assertThat(index.matches().isEmpty()).isTrue();

    index.probe("z", 2, 0, at(ELSEWHERE, CODE, "three", 3));
    assertThat(index.onlyMatch().getLater().getId()).isEqualTo("z");
  }

  @Test
  void probedImageIsNotStored() {
    index.probe("a", 1, 0, at(ELSEWHERE, CODE, "one", 1));

    index.arrive("b", at(HERE, CODE, "one", 2));

    assertThat(index.matches().isEmpty()).isTrue();
    assertThat(index.found(CODE)).containsExactly("b");
    assertThat(index.store().images()).isOne();
  }

  @Test
  void probeOfAnImageThatMovedDoesNotMatchItsOlderRevision() {
    index.arrive("a", at(HERE, CODE, "one", 1));

    index.probe("a", 1, 1, at(ELSEWHERE, CODE, "one", 2));

    assertThat(index.matches().isEmpty()).isTrue();
  }

  @Test
  void probeDeliveredAgainTellsThePairAgainUnderTheSameId() {
    index.arrive("m", at(HERE, CODE, "one", 1));
    index.probe("z", 5, 1, at(ELSEWHERE, CODE, "two", 2));
    Match first = index.onlyMatch();

    index.probe("z", 5, 1, at(ELSEWHERE, CODE, "two", 2));

    assertThat(index.onlyMatch()).isEqualTo(first);
    assertThat(index.count("mekiki.index.probes.repeated")).isOne();
  }

  @Test
  void strangeNumberOfAProbeIsCorrectedByTheNext() {
    index.probe("x", Long.MAX_VALUE, 0, at(ELSEWHERE, CODE, "one", 1));
    index.probe("y", 4, 0, at(ELSEWHERE, CODE, "two", 2));

    index.arrive("a", at(HERE, CODE, "three", 3));

    assertThat(index.sentProbes().getFirst().getSeen()).isEqualTo(4);
  }

  @Test
  void picturesWithOneFingerprintMatchWhateverTheirCodes() {
    index.arrive("m", at(HERE, CODE, "one", 1));
    HashCode far = HashCode.of(World.BITS, ~CODE.word(0));

    index.probe("z", 1, 1, at(ELSEWHERE, far, "two", 2));

    assertThat(index.onlyMatch().getCodeDistance()).isEqualTo(World.BITS);
  }

  @Test
  void reachOfCodesAsksPartitionsWithCentersNearAlone() {
    reopen(new MatchSettings(new MatchPolicy(Reach.CODES, 0, 31, null), 100));
    index.arrive("m", at(HERE, CODE, "one", 1));

    assertThat(index.sentProbes()).isEmpty();
    assertThat(index.count("mekiki.index.arrivals")).isOne();
    assertThat(index.count("mekiki.index.probes.sent")).isZero();
  }

  @Test
  void defectiveProbesAreLeftOut() {
    Probe good =
        Probe.newBuilder()
            .setImageId(ByteString.copyFromUtf8("z"))
            .setFrom(ELSEWHERE)
            .setSequence(1)
            .setPlacement(at(ELSEWHERE, CODE, "two", 2))
            .build();
    index.arrive("m", at(HERE, CODE, "one", 1));
    List<Probe> defective =
        List.of(
            good.toBuilder().clearImageId().build(),
            good.toBuilder().setImageId(ByteString.copyFrom(new byte[] {(byte) 0xff})).build(),
            good.toBuilder().setFrom(2).build(),
            good.toBuilder().setFrom(-1).build(),
            good.toBuilder().setFrom(HERE).setPlacement(at(HERE, CODE, "two", 2)).build(),
            good.toBuilder().setSequence(0).build(),
            good.toBuilder().setSequence(-1).build(),
            good.toBuilder().setSeen(-1).build(),
            good.toBuilder().clearPlacement().build(),
            good.toBuilder().setPlacement(at(HERE, CODE, "two", 2)).build());
    double before = index.leftOut("probes");

    defective.forEach(index::ask);
    index.askNothing();

    assertThat(index.leftOut("probes") - before).isEqualTo(defective.size() + 1.0);
    assertThat(index.matches().isEmpty()).isTrue();
    // A defective one costs none beside it.
    index.ask(defective.getFirst(), good, defective.getLast());
    index.onlyMatch();
  }
}
