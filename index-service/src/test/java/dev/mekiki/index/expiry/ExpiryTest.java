package dev.mekiki.index.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.index.MovableClock;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.schemas.image.Retention;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The sweep over made-up images, beside a model that looks at all of them.
class ExpiryTest {
  private static final long START = 1_700_000_000_000L;
  private static final int WORLDS = 300;
  private static final int STEPS = 400;
  private static final int BATCH = 4;

  private final MovableClock clock = new MovableClock(START);
  private final KeyValueStore<Bytes, byte[]> store = store();
  private final FakeImages images = new FakeImages();
  private final Counter expired = new SimpleMeterRegistry().counter("expired");
  private Retention retention = Retention.NONE;
  private Expiry<Image> expiry = expiry();

  /// @param expires by itself, or {@link Retention#NEVER}
  /// @param sent timestamp of its record
  private record Image(long expires, long sent) {}

  /// Images by id, which may be looked at as they were committed last.
  private final class FakeImages implements ExpiringImages<Image> {
    private final TreeMap<String, Image> present = new TreeMap<>();
    private final Set<String> retained = new TreeSet<>();
    private int lookUps;

    @Override
    public @Nullable Image get(String id) {
      lookUps++;
      return present.get(id);
    }

    @Override
    public long end(Image image, Retention of) {
      return of.end(image.expires(), image.sent());
    }

    @Override
    public void remove(String id, Image image) {
      assertThat(end(image, retention)).as("removed early: %s", image).isLessThanOrEqualTo(now());
      assertThat(present.remove(id)).isEqualTo(image);
    }

    @Override
    public void retained(String id, Image image) {
      retained.add(id);
    }

    @Override
    public boolean walk(@Nullable String after, Visitor<Image> visitor) {
      Map<String, Image> rest =
          new TreeMap<>(after == null ? present : present.tailMap(after, false));
      for (Map.Entry<String, Image> next : rest.entrySet()) {
        if (!visitor.visit(next.getKey(), next.getValue())) {
          return false;
        }
      }
      return true;
    }
  }

  @Test
  void imageIsRemovedOnceItEndsAndNotBefore() {
    put("a", new Image(START + 10_000, START));
    put("b", new Image(Retention.NEVER, START));

    clock.move(Duration.ofMillis(9_999));
    settle();
    assertThat(images.present).containsOnlyKeys("a", "b");

    clock.move(Duration.ofMillis(1));
    settle();
    assertThat(images.present).containsOnlyKeys("b");
    assertThat(expired.count()).isOne();
  }

  @Test
  void newerEndReplacesTheOlderOne() {
    put("a", new Image(START + 1_000, START));
    put("a", new Image(START + 9_000, START + 1));
    put("b", new Image(START + 1_000, START));
    put("b", new Image(Retention.NEVER, START + 1));
    put("c", new Image(START + 9_000, START));
    put("c", new Image(START + 1_000, START + 1));
    put("d", new Image(START + 1_000, START));
    delete("d");
    assertThat(ends()).hasSize(2);

    clock.move(Duration.ofSeconds(1));
    settle();

    assertThat(images.present).containsOnlyKeys("a", "b");
  }

  @Test
  void imagesThatNeverEndCostNoEntryAndNoLookUp() {
    settle();
    for (int i = 0; i < 100; i++) {
      put("image " + i, new Image(Retention.NEVER, START));
    }
    delete("image 7");
    clock.move(Duration.ofDays(1_000));
    settle();

    assertThat(ends()).isEmpty();
    assertThat(images.lookUps).isZero();
    assertThat(images.present).hasSize(99);
  }

  @Test
  void anotherRetentionHoldsForWhatIsStored() {
    for (int i = 0; i < 20; i++) {
      put("image " + i, new Image(Retention.NEVER, START + i));
    }
    settle();

    restart(new Retention(Duration.ofMillis(1_005)));
    settle();
    assertThat(images.present).hasSize(20);
    // Their homes may not know when they were sent last.
    assertThat(images.retained).hasSize(20);
    images.retained.clear();
    clock.move(Duration.ofMillis(1_014));
    settle();
    assertThat(images.present).hasSize(10);

    restart(new Retention(Duration.ofSeconds(2)));
    settle();
    clock.move(Duration.ofMillis(900));
    settle();
    assertThat(images.present).hasSize(10);
    assertThat(ends()).hasSize(10);

    restart(Retention.NONE);
    settle();
    clock.move(Duration.ofDays(1));
    settle();
    assertThat(images.present).hasSize(10);
    assertThat(ends()).isEmpty();
    assertThat(images.retained).isEmpty();
  }

  @Test
  void retentionThatIsChangedBackMeanwhileLosesNoEnd() {
    Retention minute = new Retention(Duration.ofMinutes(1));
    restart(minute);
    for (int i = 0; i < 20; i++) {
      put("image " + i, new Image(Retention.NEVER, START + i));
    }
    settle();
    restart(new Retention(Duration.ofMinutes(9)));
    // Some of the ends are those of the new retention now.
    assertThat(expiry.sweep()).isTrue();

    restart(minute);
    settle();
    clock.move(Duration.ofMinutes(2));
    settle();

    assertThat(images.present).isEmpty();
  }

  @Test
  void whatEndsAtOnceIsRemovedInParts() {
    for (int i = 0; i < 3 * BATCH; i++) {
      put("image " + i, new Image(START + 1_000, START));
    }
    settle();
    clock.move(Duration.ofSeconds(2));

    assertThat(expiry.sweep()).as("more to do").isTrue();
    assertThat(images.present).hasSizeBetween(2 * BATCH, 3 * BATCH - 1);
    settle();
    assertThat(images.present).isEmpty();
  }

  @Test
  void endsBefore1970AreDue() {
    restart(new Retention(Duration.ofMinutes(1)));
    put("a", new Image(Retention.NEVER, -62_135_596_800_000L));
    settle();
    assertThat(images.present).isEmpty();
    assertThat(ends()).isEmpty();
  }

  /// Puts, updates, deletes, other retentions, restarts, and crashes that take back what was not
  /// committed, in any order.
  @Test
  void nothingOutlivesItsEndAndNothingGoesBefore() {
    long seed = Seeds.seed(ExpiryTest.class);
    for (int world = 0; world < WORLDS; world++) {
      new WorldOfImages(seed + world).run();
    }
  }

  private final class WorldOfImages {
    private final Random random;
    private final long seed;
    private Map<Bytes, byte[]> committedEnds = new TreeMap<>();
    private Map<String, Image> committedImages = new TreeMap<>();

    WorldOfImages(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      clear();
      restart(someRetention());
      commit();
      for (int step = 0; step < STEPS; step++) {
        step();
        if (random.nextInt(20) == 0) {
          settle();
          checkSettled();
          commit();
        }
      }
      clock.move(Duration.ofDays(10_000));
      settle();
      checkSettled();
      assertThat(ends()).as("entries left behind, seed %d", seed).isEmpty();
    }

    private void step() {
      String id = "image " + random.nextInt(30);
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> {
          Image image = someImage();
          // As a processor does: what has ended is removed.
          if (expiry.hasEnded(image)) {
            delete(id);
          } else {
            put(id, image);
          }
        }
        case 5 -> delete(id);
        case 6, 7 -> clock.move(Duration.ofMillis(random.nextInt(20_000)));
        case 8, 9 -> {
          boolean _ = expiry.sweep();
        }
        case 10 -> commit();
        default -> {
          switch (random.nextInt(6)) {
            case 0 -> crash();
            case 1 -> restart(someRetention());
            default -> restart(retention);
          }
        }
      }
    }

    private Image someImage() {
      long sent = now() - random.nextInt(50_000);
      long expires = random.nextBoolean() ? Retention.NEVER : sent + 1 + random.nextInt(100_000);
      return new Image(expires, sent);
    }

    private Retention someRetention() {
      return random.nextInt(3) == 0
          ? Retention.NONE
          : new Retention(Duration.ofSeconds(10L + 30L * random.nextInt(3)));
    }

    private void checkSettled() {
      images.present.forEach((id, image) -> {
        long end = images.end(image, retention);
        assertThat(end).as("outlives its end: %s, seed %d", id, seed).isGreaterThan(now());
        if (end != Retention.NEVER) {
          assertThat(ends()).as("seed %d", seed).contains(end + " " + id);
        }
      });
    }

    private void commit() {
      committedEnds = contents();
      committedImages = new TreeMap<>(images.present);
    }

    private void crash() {
      clear();
      committedEnds.forEach(store::put);
      images.present.putAll(committedImages);
      restart(retention);
    }

    private void clear() {
      contents().keySet().forEach(key -> store.put(key, null));
      images.present.clear();
    }
  }

  private void put(String id, Image image) {
    Image before = images.present.put(id, image);
    expiry.changed(id, before, image);
  }

  private void delete(String id) {
    Image before = images.present.remove(id);
    expiry.changed(id, before, null);
  }

  private void restart(Retention configured) {
    retention = configured;
    expiry = expiry();
  }

  private Expiry<Image> expiry() {
    return new Expiry<>(store, images, retention, clock, expired, BATCH);
  }

  private void settle() {
    while (expiry.sweep()) {
      // Some more.
    }
  }

  private long now() {
    return clock.millis();
  }

  /// The ends in the store, each as time and id.
  private List<String> ends() {
    List<String> ends = new ArrayList<>();
    for (Bytes key : contents().keySet()) {
      byte[] bytes = key.get();
      if (bytes.length > Long.BYTES) {
        ends.add(
            ByteBuffer.wrap(bytes).getLong()
                + " "
                + new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.UTF_8));
      }
    }
    return ends;
  }

  private Map<Bytes, byte[]> contents() {
    Map<Bytes, byte[]> contents = new TreeMap<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        contents.put(next.key, next.value);
      }
    }
    return contents;
  }

  private static KeyValueStore<Bytes, byte[]> store() {
    KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("ends").get();
    store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    return store;
  }
}
