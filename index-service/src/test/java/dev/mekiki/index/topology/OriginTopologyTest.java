package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchLimits;
import dev.mekiki.schemas.v1.Placement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Pairs that are left out by whose their images are, and what they come from.
class OriginTopologyTest extends PartitionIndexTestBase {
  @Test
  void imagesOfDifferentTenantsDoNotMatch() {
    index.arrive("a", of("shop", "", 1));
    index.arrive("b", of("", "", 2));
    index.arrive("c", of("market", "", 3));
    index.probe("d", 1, 3, at(ELSEWHERE, CODE, "one", 4).toBuilder().setTenant("bank").build());
    assertThat(index.matches().isEmpty()).isTrue();

    index.arrive("e", of("shop", "", 5));
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("a");
    index.probe("f", 2, 4, at(ELSEWHERE, CODE, "one", 6).toBuilder().setTenant("market").build());
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("c");
  }

  @Test
  void copiesOfAnotherTenantTakeNoRoomFromTheOwn() {
    index.arrive("own", of("shop", "", 1));
    // More than are looked up for one arrival.
    for (int i = 0; i < 1_050; i++) {
      index.arrive("another-%04d".formatted(i), of("market", "", 10 + i));
    }
    index.matches().readRecordsToList();

    index.arrive("z", of("shop", "", 5_000));

    assertThat(index.onlyMatch().getLeftOut()).isZero();
  }

  @Test
  void tenantsThatAreSharedMatch() {
    reopen(settings(new OriginFilter(true, true)));
    index.arrive("a", of("shop", "", 1));
    index.arrive("b", of("market", "", 2));
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("a");
  }

  @Test
  void imagesOfOneSourceMatchUnlessTheyAreLeftOut() {
    index.arrive("a", of("", "upload-1", 1));
    index.arrive("b", of("", "upload-1", 2));
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("a");

    reopen(settings(new OriginFilter(false, false)));
    index.arrive("a", of("", "upload-1", 1));
    index.arrive("b", of("", "upload-1", 2));
    index.arrive("c", of("", "upload-1", 3));
    assertThat(index.matches().isEmpty()).isTrue();
    index.arrive("d", of("", "upload-2", 4));
    assertThat(ids()).containsExactlyInAnyOrder("a", "b", "c");
    index.arrive("e", of("", "", 5));
    assertThat(ids()).containsExactlyInAnyOrder("a", "b", "c", "d");
    index.arrive("f", of("", "", 6));
    assertThat(ids()).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  void eventsCarryWhatIsConfiguredAndTheThresholdsInForce() {
    index.arrive(
        "a", of("shop", "upload-1", 1).toBuilder().putEventMetadata("price", "10").build());
    Placement asked =
        at(ELSEWHERE, CODE, "one", 2).toBuilder()
            .setTenant("shop")
            .setImageSource("upload-2")
            .putEventMetadata("price", "20")
            .build();

    index.probe("b", 1, 1, asked);

    Match match = index.onlyMatch();
    assertThat(match.getLater().getMetadataMap()).isEqualTo(Map.of("price", "20"));
    assertThat(match.getLater().getImageSource()).isEqualTo("upload-2");
    assertThat(match.getEarlier().getMetadataMap()).isEqualTo(Map.of("price", "10"));
    assertThat(match.getEarlier().getImageSource()).isEqualTo("upload-1");
    assertThat(match.getLimits())
        .isEqualTo(
            MatchLimits.newBuilder().setReach("everywhere").setFingerprintRadius(31).build());
  }

  @Test
  void probesCarryTheMetadataOfEvents() {
    Placement placement = of("", "", 1).toBuilder().putEventMetadata("price", "10").build();
    index.arrive("a", placement.toBuilder().putFilterableMetadata("k", "v").build());

    assertThat(index.sentProbes().getFirst().getPlacement()).isEqualTo(placement);
  }

  private List<String> ids() {
    return index.matches().readRecordsToList().stream()
        .map(record -> PartitionIndexDriver.parse(record.value()).getEarlier().getId())
        .toList();
  }

  private static MatchSettings settings(OriginFilter origins) {
    return new MatchSettings(
        TopologyFixture.matching().policy(), origins, FloodSettings.OFF, MetadataKeys.NONE, 100);
  }

  private static Placement of(String tenant, String source, long offset) {
    return at(HERE, CODE, "one", offset).toBuilder()
        .setTenant(tenant)
        .setImageSource(source)
        .build();
  }
}
