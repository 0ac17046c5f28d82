package dev.mekiki.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the watcher learns from real streams.
class RoutingWatcherTest {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final ClientFactory factory = ClientFactory.builder().build();
  private final FakeInstance a = new FakeInstance("A", 0);
  private FakeInstance b = new FakeInstance("B", 0);
  private final RoutingWatcher watcher =
      new RoutingWatcher(new IndexClients(ClientAccess.NONE, factory), List.of(a.address()));

  @AfterEach
  void close() {
    watcher.close();
    FakeInstance.close(a, b);
    factory.close();
  }

  @Test
  void instancesAreLearntFromTheFirst() {
    b.publish(snapshot("g", a.active(0), b.active(1)));
    a.publish(snapshot("g", a.active(0), b.active(1)));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(view().hosts(0)).containsExactly(a.address());
          assertThat(view().hosts(1)).containsExactly(b.address());
        });
    await().atMost(LIMIT).until(() -> !b.watchers.isEmpty());
    assertThat(view().missing(3)).containsExactly(2);
    assertThat(view().idPartitions()).hasValue(4);
  }

  @Test
  void whatAnInstanceSaysOfItselfGoesBeforeWhatOthersSay() {
    b.publish(snapshot("g", b.active(1, 2)));
    a.publish(snapshot("g", a.active(0, 2), b.active(1)));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(view().hosts(2)).containsExactlyInAnyOrder(a.address(), b.address()));
    a.publish(snapshot("g", a.active(0), b.active(1)));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(view().hosts(2)).containsExactly(b.address()));
  }

  @Test
  void instancesOfAnotherGenerationAreNotAsked() {
    b.publish(snapshot("old", b.active(0, 1)));
    a.publish(snapshot("g", a.active(0)));
    await().atMost(LIMIT).until(() -> !view().hosts(0).isEmpty());
    assertThat(view().hosts(1)).isEmpty();
    assertThat(watcher.view().of("old").instances()).isEmpty();
    a.publish(snapshot("g", a.active(0), b.active(1)));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(watcher.view().of("old").hosts(1)).containsExactly(b.address()));
    assertThat(view().hosts(1)).isEmpty();
  }

  @Test
  void instanceThatDiesIsAskedLastAndIsBackOnceItAnswers() {
    RoutingSnapshot both = snapshot("g", a.standby(1), b.active(1));
    b.publish(both);
    a.publish(both);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(view().hosts(1)).containsExactly(b.address(), a.address()));
    await().atMost(LIMIT).until(() -> !b.watchers.isEmpty());

    int port = b.port();
    b.close();
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(view().hosts(1)).containsExactly(a.address(), "127.0.0.1:" + port);
          assertThat(view().missing(2)).containsExactly(0, 1);
        });

    b = new FakeInstance("B", port);
    b.publish(both);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(view().hosts(1)).containsExactly(b.address(), a.address()));
  }

  @Test
  void instanceThatEndsEachStreamIsAskedLessAndLessOften() {
    a.stopping = true;
    a.publish(snapshot("g", a.active(0)));
    await().atMost(LIMIT).until(() -> !a.watchers.isEmpty());
    long start = System.nanoTime();
    int before = a.watchers.size();
    await().atMost(LIMIT).until(() -> a.watchers.size() >= before + 5);
    // 100 + 200 + 400 + 800 + 1600 ms, less a fifth by chance; 500 ms if it never backed off.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_200));
  }

  @Test
  void instanceThatNobodyNamesAnyMoreIsForgotten() {
    RoutingSnapshot both = snapshot("g", a.active(0), b.active(1));
    b.publish(both);
    a.publish(both);
    await().atMost(LIMIT).until(() -> !b.watchers.isEmpty());
    String address = b.address();
    b.close();
    a.publish(snapshot("g", a.active(0, 1)));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(view().hosts(1)).containsExactly(a.address());
          assertThat(view().instances()).noneMatch(instance -> instance.address().equals(address));
        });
  }

  private ClusterView view() {
    return watcher.view().of("g");
  }

  private static RoutingSnapshot snapshot(String generation, IndexInstance... instances) {
    return RoutingSnapshot.newBuilder()
        .setGeneration(generation)
        .setIdPartitions(4)
        .addAllInstances(List.of(instances))
        .build();
  }
}
