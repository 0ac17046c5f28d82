package dev.mekiki.index.copies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.landmark.LandmarkReader;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.index.MadeUpLandmarks;
import dev.mekiki.index.World;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.index.streamsinternals.StartupCheck;
import dev.mekiki.schemas.v1.ImageLandmarks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LandmarkStoreTest {
  private static final World WORLD = World.random(new Random(7), 4, 2);
  private static final int STAYING = 40;
  private static final int MOVING = 200;

  // Enough for dead rows to be swept and their numbers to be used again several times.
  private static final int CHANGES = 30_000;

  @Test
  void searchesOfOtherThreadsSeeWholeImagesWhileTheyAreWritten() throws Exception {
    LandmarkStore store =
        new HostedLandmarks(
                World.BITS,
                new StartupCheck(),
                new StandbyLags(),
                new LeftOutRecords(new SimpleMeterRegistry()))
            .store();
    List<SoughtLandmarks> sought = new ArrayList<>();
    List<StoredCopy> moving = new ArrayList<>();
    List<SoughtLandmarks> soughtMoving = new ArrayList<>();
    for (int i = 0; i < STAYING; i++) {
      ImageLandmarks image = picture(i);
      store.index("stays" + i, stored(image));
      sought.add(SoughtLandmarks.fromBytes(image.getSought().toByteArray()));
    }
    for (int i = 0; i < MOVING; i++) {
      ImageLandmarks image = picture(STAYING + i);
      moving.add(stored(image));
      soughtMoving.add(SoughtLandmarks.fromBytes(image.getSought().toByteArray()));
    }
    List<LandmarkStore.Found> undisturbed =
        sought.stream().map(one -> only(store.search(one, null, new LandmarkReader()))).toList();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> searches = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        searches.add(
            threads.submit(() -> searchUntil(done, store, sought, soughtMoving, undisturbed)));
      }
      for (int i = 0; i < CHANGES; i++) {
        String id = "moves" + i % 100;
        if (i % 3 == 0) {
          store.unindex(id);
        } else {
          store.index(id, moving.get(i % MOVING));
        }
      }
      done.set(true);
      for (Future<Integer> search : searches) {
        assertThat(search.get()).isPositive();
      }
    }
  }

  /// The same row, votes and map each time: no landmark was out of sight.
  private static int searchUntil(
      AtomicBoolean done,
      LandmarkStore store,
      List<SoughtLandmarks> sought,
      List<SoughtLandmarks> moving,
      List<LandmarkStore.Found> undisturbed) {
    LandmarkReader reader = new LandmarkReader();
    int searches = 0;
    for (int i = 0; !done.get(); i++) {
      int picture = i % STAYING;
      assertThat(only(store.search(sought.get(picture), null, reader)))
          .isEqualTo(undisturbed.get(picture));
      // Whatever was there while it was looked at has an id, and all of its landmarks.
      assertThat(store.search(moving.get(i % MOVING), null, reader))
          .allSatisfy(found -> {
            assertThat(found.id()).startsWith("moves");
            assertThat(found.found().votes()).isGreaterThan(8);
          });
      searches++;
    }
    return searches;
  }

  private static LandmarkStore.Found only(List<LandmarkStore.Found> found) {
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static ImageLandmarks picture(int number) {
    return MadeUpLandmarks.showing(
        WORLD.geometry().centers().center(0), number, "picture " + number, number);
  }

  private static StoredCopy stored(ImageLandmarks image) {
    return new StoredCopy(
        image.getImage(),
        StoredLandmarks.fromBytes(image.getStored().toByteArray()),
        null,
        0,
        List.of());
  }
}
