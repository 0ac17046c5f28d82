package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.PartitionIndexDriver.CODE;
import static dev.mekiki.index.topology.PartitionIndexDriver.ELSEWHERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.HERE;
import static dev.mekiki.index.topology.PartitionIndexDriver.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.hashing.policy.PolicyFilter;
import dev.mekiki.index.World;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.StoredMatching;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.ArrivedImage;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchAgainRequest;
import dev.mekiki.schemas.v1.MatchesOfImage;
import dev.mekiki.schemas.v1.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Questions of who matches stored images again, to a partition that works meanwhile.
class StoredMatchingTest extends PartitionIndexTestBase {
  private static final HashCode PICTURE = World.fingerprint(new Random(77));

  private volatile Policies policies = Policies.NONE;

  @BeforeEach
  void withPolicies() {
    reopen(
        TopologyFixture.matching(), PolicyFilter.ofMatches(OriginFilter.DEFAULT, () -> policies));
  }

  @Test
  void eachPairIsFoundOnceAsOneOfItsLaterImageByWhatIsDecidedNow() throws Exception {
    policies = mutes(new Muted.Image(null, "b"));
    Placement a = at(HERE, CODE, PICTURE, "one", 1);
    Placement b = at(HERE, CODE, PICTURE, "one", 2);
    Placement c = at(HERE, CODE, PICTURE, "two", 3);
    index.arrive("a", a);
    index.arrive("b", b);
    index.arrive("c", c);
    assertThat(index.onlyMatch().getEarlier().getId()).isEqualTo("a");
    assertThat(index.noted()).hasSize(1);
    assertThat(found("b", b)).isEmpty();
    assertThat(found("c", c)).containsExactly("a");

    policies = Policies.NONE;
    assertThat(found("a", a)).isEmpty();
    assertThat(found("b", b)).containsExactly("a");
    assertThat(found("c", c)).containsExactlyInAnyOrder("a", "b");
    // Of another partition.
    assertThat(found("z", at(ELSEWHERE, CODE, PICTURE, "one", 9)))
        .containsExactlyInAnyOrder("a", "b", "c");
    // It changes nothing and emits nothing.
    assertThat(index.matches().isEmpty()).isTrue();
    assertThat(index.noted()).isEmpty();
    // The id is that of the event.
    index.arrive("d", at(HERE, CODE, World.at(PICTURE, 3), "three", 4));
    List<String> noted = index.noted();
    assertThat(matches("d", at(HERE, CODE, World.at(PICTURE, 3), "three", 4)).getMatchesList())
        .extracting(Match::getEventId)
        .containsExactlyInAnyOrderElementsOf(noted);
  }

  @Test
  void whatIsNotSettledGoneOrTooFarIsLeftOut() throws Exception {
    Placement a = at(HERE, CODE, PICTURE, "one", 1);
    Placement b = at(HERE, CODE, World.at(PICTURE, 9), "two", 2);
    Placement c = at(HERE, CODE, PICTURE, "three", 3);
    index.arrive("a", a);
    index.arrive("b", b);
    long settled = arrivals().getSequence();
    index.arrive("c", c);
    assertThat(arrivals().getSequence()).isEqualTo(settled + 1);
    assertThat(
            ask(() -> matching().match(request("z", later(), settled, null).build()))
                .getImages(0)
                .getMatchesList())
        .extracting(match -> match.getEarlier().getId())
        .containsExactlyInAnyOrder("a", "b");
    assertThat(
            ask(() -> matching().match(request("z", later(), settled, 8).build()))
                .getImages(0)
                .getMatchesList())
        .extracting(match -> match.getEarlier().getId())
        .containsExactly("a");
    // Replaced, and removed.
    index.arrive("b", at(HERE, CODE, PICTURE, "other", 5));
    assertThat(matches("b", b).getGone()).isTrue();
    index.arrive("a", null);
    assertThat(matches("a", a).getGone()).isTrue();
    assertThat(matches("c", c).getGone()).isFalse();
  }

  @Test
  void imagesAreListedByIdAsFarAsTheyMayBeTheLaterOne() throws Exception {
    for (int i = 0; i < 10; i++) {
      index.arrive("image-" + i, at(HERE, CODE, PICTURE, "content " + i, i + 1));
    }
    index.arrive("quiet", at(HERE, CODE, PICTURE, "q", 20).toBuilder().setMute(true).build());
    index.arrive("shop", at(HERE, CODE, PICTURE, "s", 21).toBuilder().setTenant("shop").build());
    ListArrivalsRequest.Builder all =
        ListArrivalsRequest.newBuilder().setPartition(HERE).setLimit(4).setSequence(Long.MAX_VALUE);
    ListArrivalsResponse first = list(all);
    assertThat(first.getImagesList())
        .extracting(ArrivedImage::getImageId)
        .containsExactly("image-0", "image-1", "image-2", "image-3");
    ListArrivalsResponse rest = list(all.setAfter(first.getLast()).setLimit(100));
    assertThat(rest.getImagesList())
        .extracting(ArrivedImage::getImageId)
        .containsExactly("image-4", "image-5", "image-6", "image-7", "image-8", "image-9", "shop");
    assertThat(rest.getLast()).isEqualTo(ByteString.EMPTY);
    assertThat(rest.getLookedAt()).isEqualTo(8);
    assertThat(rest.getImages(6).getLookedAt()).isEqualTo(8);
    assertThat(list(all.clearAfter().setTenant("shop")).getImagesList())
        .extracting(ArrivedImage::getImageId)
        .containsExactly("shop");
    assertThat(
            list(all.clearTenant()
                    .setSequence(3)
                    .setSince(first.getImages(1).getPlacement().getImageTime()))
                .getImagesList())
        .extracting(ArrivedImage::getImageId)
        .containsExactly("image-1", "image-2");
  }

  @Test
  void aPartitionThatIsNotActiveHereAnswersNothing() throws Exception {
    String opening = arrivals().getOpening();
    assertThat(matching().arrivals(GetArrivalsRequest.newBuilder().setPartition(ELSEWHERE).build()))
        .isNull();
    StoredMatching before = matching();
    FutureTask<@Nullable Arrivals> asked =
        new FutureTask<>(
            () -> before.arrivals(GetArrivalsRequest.newBuilder().setPartition(HERE).build()));
    Thread.ofPlatform().start(asked);
    Thread.sleep(50);
    reopen(TopologyFixture.matching());
    assertThat(asked.get()).isNull();
    assertThat(arrivals().getOpening()).isNotEqualTo(opening);
  }

  private List<String> found(String id, Placement placement) throws Exception {
    return matches(id, placement).getMatchesList().stream()
        .peek(match -> assertThat(match.getLater().getId()).isEqualTo(id))
        .map(match -> match.getEarlier().getId())
        .toList();
  }

  private MatchesOfImage matches(String id, Placement placement) throws Exception {
    return ask(() -> matching().match(request(id, placement, Long.MAX_VALUE, null).build()))
        .getImages(0);
  }

  private static Placement later() {
    return at(ELSEWHERE, CODE, PICTURE, "later", 99);
  }

  private static MatchAgainRequest.Builder request(
      String id, Placement placement, long settled, @Nullable Integer radius) {
    MatchAgainRequest.Builder request =
        MatchAgainRequest.newBuilder()
            .setPartition(HERE)
            .setSequence(settled)
            .addImages(ArrivedImage.newBuilder().setImageId(id).setPlacement(placement));
    if (radius != null) {
      request.setFingerprintRadius(radius);
    }
    return request;
  }

  private Arrivals arrivals() throws Exception {
    return ask(
        () -> matching().arrivals(GetArrivalsRequest.newBuilder().setPartition(HERE).build()));
  }

  private ListArrivalsResponse list(ListArrivalsRequest.Builder request) throws Exception {
    return ask(() -> matching().list(request.build()));
  }

  private StoredMatching matching() {
    MatchSettings settings = TopologyFixture.matching();
    return index.matching(settings, PolicyFilter.ofMatches(OriginFilter.DEFAULT, () -> policies));
  }

  /// Asks on another thread while this one lets time pass for the partition.
  private <T> T ask(Callable<@Nullable T> question) throws Exception {
    FutureTask<@Nullable T> asked = new FutureTask<>(question);
    Thread.ofPlatform().start(asked);
    while (!asked.isDone()) {
      index.passTime(Duration.ofSeconds(1));
      Thread.sleep(1);
    }
    return Objects.requireNonNull(asked.get());
  }

  private static Policies mutes(Muted... mutes) {
    return Policies.of(List.of(mutes), new DismissedPairs(), Map.of());
  }
}
