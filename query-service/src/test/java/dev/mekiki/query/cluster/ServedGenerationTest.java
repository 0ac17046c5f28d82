package dev.mekiki.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.IndexInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServedGenerationTest {
  private final List<Instance> instances = new ArrayList<>();
  private final ServedGeneration served =
      new ServedGeneration(() -> new ClusterView(List.copyOf(instances)));
  private final GenerationGeometry first = generation("aaaaaaaaaaaaaaaa", 4);
  private final GenerationGeometry second = generation("bbbbbbbbbbbbbbbb", 2);

  @Test
  void theFirstIsServedAtOnce() {
    assertThat(served.get()).isNull();
    served.follow(first);
    assertThat(served.get()).isEqualTo(first);
  }

  @Test
  void theNextIsServedOnceItIsHostedCompletely() {
    served.follow(first);
    hosts(first, "a", 0, 1, 2, 3);
    served.follow(second);
    assertThat(served()).isEqualTo(first.id());
    hosts(second, "b", 0);
    assertThat(served()).isEqualTo(first.id());
    hosts(second, "c", 1);
    assertThat(served()).isEqualTo(second.id());
    // It does not go back by itself.
    instances.removeLast();
    assertThat(served()).isEqualTo(second.id());
  }

  @Test
  void theNextIsServedWhereTheOneBeforeIsHostedNoBetter() {
    served.follow(first);
    hosts(first, "a", 0);
    hosts(second, "b", 0);
    served.follow(second);
    assertThat(served()).isEqualTo(second.id());
  }

  @Test
  void goingBackBeforeTheChangeLeavesAll() {
    served.follow(first);
    hosts(first, "a", 0, 1, 2, 3);
    served.follow(second);
    served.follow(first);
    hosts(second, "b", 0, 1);
    assertThat(served()).isEqualTo(first.id());
  }

  @Test
  void theNextIsServedOnceItsLandmarksAreHostedToo() {
    served.follow(first);
    hosts(first, "a", List.of(0, 1), 0, 1, 2, 3);
    served.follow(second);
    hosts(second, "b", List.of(0), 0, 1);
    assertThat(served()).isEqualTo(first.id());
    hosts(second, "c", List.of(1));
    assertThat(served()).isEqualTo(second.id());
  }

  private String served() {
    return Objects.requireNonNull(served.get()).id();
  }

  private void hosts(GenerationGeometry generation, String address, Integer... partitions) {
    hosts(generation, address, List.of(), partitions);
  }

  /// @param landmarks partitions of landmarks, of two
  private void hosts(
      GenerationGeometry generation,
      String address,
      List<Integer> landmarks,
      Integer... partitions) {
    instances.add(
        new Instance(
            generation.id(),
            4,
            landmarks.isEmpty() ? 0 : 2,
            0,
            IndexInstance.newBuilder()
                .setAddress(address)
                .addAllActivePartitions(List.of(partitions))
                .addAllActiveLandmarkPartitions(landmarks)
                .build(),
            true));
  }

  private static GenerationGeometry generation(String id, int partitions) {
    List<HashCode> centers =
        IntStream.range(0, partitions).mapToObj(i -> HashCode.of(16, i * 255L)).toList();
    List<String> labels = centers.stream().map(HashCode::toHex).toList();
    return new GenerationGeometry(
        id, id, Routing.byProximity(new CenterTable(16, centers, labels), partitions));
  }
}
