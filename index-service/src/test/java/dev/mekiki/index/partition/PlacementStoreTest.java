package dev.mekiki.index.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.World;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.schemas.v1.Placement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementStoreTest {
  private static final int PARTITION = 2;
  private static final FilterableKeys FILTERABLE = FilterableKeys.of(List.of("colour"));

  private final World world = World.random(new Random(1), 4, 4);
  private final HostedPartitions hosted =
      new HostedPartitions(
          world.geometry(), FILTERABLE, new LeftOutRecords(new SimpleMeterRegistry()));
  private final HashCode code = world.geometry().centers().center(PARTITION);
  private final HashCode fingerprint = World.fingerprint(new Random(2));
  @TempDir private Path directory;

  @Test
  void reopenedStoreHasTheSameRecordsAndStructure() {
    PlacementStore store = open();
    put(store, "a", placement("one", 1));
    put(store, "b", placement("two", 2));
    put(store, "a", placement("three", 3));
    store.delete(PlacementStore.key("b"));
    store.close();
    assertThat(hosted.all()).isEmpty();

    PlacementStore reopened = open();

    assertThat(hosted.partition(PARTITION)).contains(reopened);
    assertThat(found(reopened)).containsExactly("a");
    assertThat(reopened.placement("a")).contains(placement("three", 3));
    assertThat(reopened.images()).isOne();
    reopened.close();
    reopened.close();
  }

  @Test
  void restoredBatchReachesRecordsAndStructureAndLeavesOutDefectiveRecords() {
    CapturingContext context = context();
    PlacementStore store = init(context);

    context
        .restore()
        .restoreBatch(
            List.of(
                record(0, "a", row(placement("one", 1))),
                record(1, "b", row(placement("two", 2))),
                record(2, "c", "no placement".getBytes(StandardCharsets.UTF_8)),
                record(3, "a", null)));

    assertThat(found(store)).containsExactly("b");
    assertThat(store.placement("a")).isEmpty();
    assertThat(store.placement("b")).contains(placement("two", 2));
    assertThat(store.placement("c")).isEmpty();
    assertThat(store.isActive()).isFalse();
    store.close();
    assertThat(found(open())).containsExactly("b");
  }

  @Test
  void storeOpenedToReadOffsetsAtTheStartIsNotPublished() {
    PlacementStore store = open();
    put(store, "a", placement("one", 1));
    store.close();

    hosted.whileStarting(() -> {
      PlacementStore checked = open();
      assertThat(hosted.all()).isEmpty();
      assertThat(checked.images()).isZero();
      checked.close();
    });

    assertThat(found(open())).containsExactly("a");
  }

  @Test
  void valueThatCannotBeReadIsRestoredOnceAndThenRemoved() {
    PlacementStore store = open();
    put(store, "a", placement("one", 1));
    Placement damaged = placement("two", 2).toBuilder().setCenter(-1).build();
    store.inner().put(PlacementStore.key("b"), row(damaged));
    store.close();

    assertThatThrownBy(this::open).isInstanceOf(TaskCorruptedException.class);

    // The restore has brought it back.
    PlacementStore again = open();
    assertThat(found(again)).containsExactly("a");
    assertThat(again.placement("b")).isEmpty();
    again.close();
    assertThat(found(open())).containsExactly("a");
  }

  @Test
  void searchThatAWriterOvertakesIsMadeAgain() {
    PlacementStore store = open();
    put(store, "a", placement("one", 1));
    AtomicInteger asked = new AtomicInteger();
    // The structure asks whether time is up before it answers; the writer comes just then.
    PartitionQuery query =
        new PartitionQuery(
            code,
            null,
            World.BITS,
            10,
            MetadataFilter.ALL,
            () -> {
              if (asked.getAndIncrement() == 0) {
                Thread writer = Thread.ofPlatform().start(() -> put(store, "a", far()));
                assertThat(writer.isAlive() || store.images() == 1).isTrue();
              }
              return false;
            });

    PartitionHits answer = store.search(query);

    assertThat(answer.complete()).isTrue();
    assertThat(answer.found())
        .singleElement()
        .satisfies(found ->
            assertThat(PlacementRows.code(found.placement()).distance(code))
                .isEqualTo(found.hit().codeDistance()));
    store.close();
  }

  @Test
  void filterKeepsToTheKeysConfiguredWhateverPlacementsHold() {
    PlacementStore store = open();
    put(store, "blue", coloured("blue"));
    put(store, "red", coloured("red"));

    assertThat(found(store, Map.of("colour", "red"))).containsExactly("red");
    assertThat(found(store, Map.of("colour", "green"))).isEmpty();
    assertThat(found(store, Map.of("size", "7"))).isEmpty();
    assertThat(found(store)).containsExactly("blue", "red");
    store.close();
    assertThat(found(open(), Map.of("colour", "red"))).containsExactly("red");
  }

  private Placement coloured(String colour) {
    return placement(colour, 1).toBuilder()
        .putFilterableMetadata("colour", colour)
        .putFilterableMetadata("size", "7")
        .build();
  }

  private static void put(PlacementStore store, String id, Placement placement) {
    store.put(PlacementStore.key(id), row(placement));
  }

  private static byte[] row(Placement placement) {
    return StoredRow.bytes(placement.toByteArray(), 7);
  }

  private Placement far() {
    return world
        .placement(World.at(code, 5), fingerprint, "far", 9)
        .setHomePartition(PARTITION)
        .build();
  }

  private PlacementStore open() {
    return init(context());
  }

  private PlacementStore init(StateStoreContext context) {
    PlacementStore store = hosted.store();
    store.init(context, store);
    return store;
  }

  /// A task's context that keeps what the store registers.
  private CapturingContext context() {
    Properties properties = new Properties();
    return new CapturingContext(
        new MockProcessorContext<Void, Void>(
                properties, new TaskId(1, PARTITION), directory.toFile())
            .getStateStoreContext());
  }

  private List<String> found(PlacementStore store) {
    return found(store, Map.of());
  }

  private List<String> found(PlacementStore store, Map<String, String> filter) {
    return store
        .search(
            new PartitionQuery(code, null, World.BITS, 10, new MetadataFilter(filter), () -> false))
        .found()
        .stream()
        .map(found -> found.hit().id())
        .toList();
  }

  private Placement placement(String content, long offset) {
    return world.placement(code, fingerprint, content, offset).setHomePartition(PARTITION).build();
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, String id, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        "placements", PARTITION, offset, id.getBytes(StandardCharsets.UTF_8), value);
  }
}
