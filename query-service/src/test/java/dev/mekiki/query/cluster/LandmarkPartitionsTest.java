package dev.mekiki.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.IndexInstance;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three partitions of landmarks: 0 and 1 are active on A, 2 is on B.
class LandmarkPartitionsTest {
  private static final String GENERATION = "generation";
  private static final int PARTITIONS = 3;

  private static final ClientFactory factory = ClientFactory.builder().build();
  private static final IndexClients clients = new IndexClients(ClientAccess.NONE, factory);
  private static final FakeInstance a = new FakeInstance("A", 0);
  private static final FakeInstance b = new FakeInstance("B", 0);

  @BeforeEach
  void reset() {
    a.reset();
    b.reset();
    a.hosted = Set.of(0, 1);
    b.hosted = Set.of(2);
  }

  @AfterAll
  static void close() {
    FakeInstance.close(a, b);
    factory.close();
  }

  @Test
  void eachActiveInstanceIsAskedOnce() {
    LandmarkPartitions.Found found = find(a.activeLandmarks(0, 1), b.activeLandmarks(2));

    assertThat(ids(found)).containsExactlyInAnyOrder("A0", "A1", "B2");
    assertThat(found.missing()).isEmpty();
    assertThat(found.leftOut()).isEqualTo(3);
    assertThat(a.askedForCopies)
        .containsExactly(
            FindCopiesRequest.newBuilder()
                .setGeneration(GENERATION)
                .addPartitions(0)
                .addPartitions(1)
                .build());
    assertThat(b.askedForCopies).hasSize(1);
  }

  @Test
  void partitionsOfAnInstanceThatFailsAreMissing() {
    b.failing = true;

    LandmarkPartitions.Found found = find(a.activeLandmarks(0, 1), b.activeLandmarks(2));
    assertThat(ids(found)).containsExactlyInAnyOrder("A0", "A1");
    assertThat(found.missing()).containsExactly(2);
  }

  @Test
  void partitionsThatNobodyHasActiveAreMissing() {
    LandmarkPartitions.Found found = find(b.activeLandmarks(2), a.active(0, 1));

    assertThat(ids(found)).containsExactly("B2");
    assertThat(found.missing()).containsExactly(0, 1);
    assertThat(a.askedForCopies).isEmpty();
  }

  @Test
  void partitionThatHasMovedIsAskedWhereElseItIsSaidToBe() {
    b.hosted = Set.of(1, 2);
    a.hosted = Set.of(0);

    LandmarkPartitions.Found found = find(a.activeLandmarks(0, 1), b.activeLandmarks(1, 2));
    assertThat(ids(found)).containsExactlyInAnyOrder("A0", "B1", "B2");
    assertThat(found.missing()).isEmpty();
  }

  @Test
  void deadlineMakesTheRestMissing() {
    a.delay = Duration.ofSeconds(3);

    LandmarkPartitions.Found found =
        find(Duration.ofMillis(500), a.activeLandmarks(0, 1), b.activeLandmarks(2));
    assertThat(ids(found)).containsExactly("B2");
    assertThat(found.missing()).containsExactly(0, 1);
  }

  private static LandmarkPartitions.Found find(IndexInstance... instances) {
    return find(Duration.ofSeconds(20), instances);
  }

  private static LandmarkPartitions.Found find(Duration limit, IndexInstance... instances) {
    ClusterView view =
        new ClusterView(
            Stream.of(instances)
                .map(instance -> new Instance(GENERATION, 1, PARTITIONS, 0, instance, true))
                .toList());
    return new LandmarkPartitions(view, clients, Deadline.after(limit))
        .find(FindCopiesRequest.newBuilder().setGeneration(GENERATION).build())
        .join();
  }

  private static List<String> ids(LandmarkPartitions.Found found) {
    return found.copies().stream().map(FoundCopy::getImageId).toList();
  }
}
