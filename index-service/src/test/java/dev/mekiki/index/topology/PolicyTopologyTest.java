package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.hashing.policy.PairKey;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.hashing.policy.PolicyFilter;
import dev.mekiki.index.World;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people have decided, in a partition.
class PolicyTopologyTest extends PartitionIndexTestBase {
  private static final HashCode PICTURE = World.fingerprint(new Random(77));

  private volatile Policies policies = Policies.NONE;

  @BeforeEach
  void withPolicies() {
    reopen(
        TopologyFixture.matching(), PolicyFilter.ofMatches(OriginFilter.DEFAULT, () -> policies));
  }

  @Test
  void mutedImageMakesNoEventWhoeverArrives() {
    policies = mutes(new Muted.Image(null, "a"));
    index.arrive("a", at(HERE, CODE, "one", 1));
    index.arrive("b", at(HERE, CODE, "one", 2));
    index.probe("c", 1, 0, at(ELSEWHERE, CODE, "one", 3));
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("b");

    // It asks nobody, and is met by whoever comes once it is muted no more.
    assertThat(index.sentProbes()).hasSize(1);
    policies = Policies.NONE;
    index.probe("d", 2, 0, at(ELSEWHERE, CODE, "one", 4));
    assertThat(index.matches().readRecordsToList())
        .extracting(record -> PartitionIndexDriver.parse(record.value()).getEarlier().getId())
        .contains("a");
  }

  @Test
  void mutedPictureMakesNoEventNorDoWhatLooksLikeIt() {
    policies = mutes(new Muted.Picture(null, PICTURE, 10));
    index.arrive("a", at(HERE, CODE, PICTURE, "one", 1));
    index.arrive("b", at(HERE, CODE, World.at(PICTURE, 10), "two", 2));
    index.probe("c", 1, 0, at(ELSEWHERE, CODE, PICTURE, "one", 3));
    assertThat(index.matches().isEmpty()).isTrue();
    assertThat(index.count("mekiki.index.held.back")).isEqualTo(3);

    index.arrive("d", at(HERE, CODE, World.at(PICTURE, 11), "three", 4));
    index.arrive("e", at(HERE, CODE, World.at(PICTURE, 11), "four", 5));
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("d");
  }

  @Test
  void dismissedPairStaysSilentAndItsImagesDoNot() {
    DismissedPairs dismissed = new DismissedPairs();
    index.arrive("a", at(HERE, CODE, "one", 1));
    dismissed.add(PairKey.of("", sha256("one"), sha256("two")));
    policies = Policies.of(List.of(), dismissed, Map.of());

    index.arrive("b", at(HERE, CODE, "two", 2));
    assertThat(index.matches().isEmpty()).isTrue();
    // The same contents under other ids, sent again.
    index.probe("c", 1, 0, at(ELSEWHERE, CODE, "two", 3));
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("b");

    index.arrive("d", at(HERE, CODE, "three", 4));
    assertThat(index.matches().readRecordsToList()).hasSize(2);
  }

  @Test
  void thresholdOfATenantIsHeeded() {
    policies = Policies.of(List.of(), new DismissedPairs(), Map.of("shop", 5));
    index.arrive("a", at(HERE, CODE, PICTURE, "one", 1).toBuilder().setTenant("shop").build());
    index.arrive(
        "b", at(HERE, CODE, World.at(PICTURE, 6), "two", 2).toBuilder().setTenant("shop").build());
    assertThat(index.matches().isEmpty()).isTrue();
    index.arrive(
        "c",
        at(HERE, CODE, World.at(PICTURE, 5), "three", 3).toBuilder().setTenant("shop").build());
    assertThat(index.matches().readRecordsToList()).hasSize(2);
  }

  private static Policies mutes(Muted... mutes) {
    return Policies.of(List.of(mutes), new DismissedPairs(), Map.of());
  }

  private static Sha256 sha256(String content) {
    return Sha256.of(at(HERE, CODE, content, 1).getSha256().toByteArray());
  }
}
