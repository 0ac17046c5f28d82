package dev.mekiki.query.rematch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.RematchProgress;
import dev.mekiki.schemas.v1.RematchRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RematchStateTest {
  private record Entry(String key, ByteString value) {}

  @Test
  void theFirstOfTwoRequestsIsAcceptedAndTheNextOnceItHasEnded() throws Exception {
    RematchState state = read(request("a"), request("b"));
    assertThat(id(state.active())).isEqualTo("a");

    state = read(request("a"), request("b"), progress("a", State.RUNNING, 5));
    assertThat(id(state.active())).isEqualTo("a");
    assertThat(Objects.requireNonNull(state.active()).view().getImages()).isEqualTo(5);

    state = read(request("a"), request("b"), progress("a", State.DONE, 9), request("c"));
    assertThat(id(state.active())).isEqualTo("c");
    state = read(request("a"), progress("a", State.FAILED, 9));
    assertThat(state.active()).isNull();
    assertThat(id(state.job())).isEqualTo("a");
  }

  @Test
  void onlyTheJobThatRunsIsCancelled() throws Exception {
    RematchState state = read(request("a"), cancel("b", "bob"), progress("b", State.DONE, 1));
    assertThat(Objects.requireNonNull(state.active()).cancelledBy()).isNull();
    state = read(request("a"), cancel("a", "bob"), progress("a", State.RUNNING, 5));
    assertThat(Objects.requireNonNull(state.active()).cancelledBy()).isEqualTo("bob");
  }

  @Test
  void recordsOfOthersChangeNothing() throws Exception {
    RematchState state = read(request("a"));
    assertThat(state.next(null, new byte[1])).isEqualTo(state);
    assertThat(state.next(RematchState.requestKey("a"), null)).isEqualTo(state);
    assertThat(state.next("x".getBytes(StandardCharsets.UTF_8), new byte[1])).isEqualTo(state);
    assertThatThrownBy(() -> state.next(RematchState.progressKey("a"), new byte[] {1}))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  /// Whatever compaction has left of a topic says what the whole of it says.
  @Test
  void compactionChangesNothing() throws Exception {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      List<Entry> log = new ArrayList<>();
      RematchState whole = RematchState.NONE;
      int jobs = 0;
      for (int i = 0; i < 20; i++) {
        RematchState.Job active = whole.active();
        Entry next =
            switch (random.nextInt(4)) {
              case 0 -> request("job" + jobs++);
              case 1 -> active == null ? request("job" + jobs++) : cancel(active.id(), "x");
              case 2 -> active == null ? null : progress(active.id(), State.RUNNING, i);
              default -> active == null ? null : progress(active.id(), State.DONE, i);
            };
        if (next != null) {
          log.add(next);
          whole =
              whole.next(next.key().getBytes(StandardCharsets.UTF_8), next.value().toByteArray());
        }
      }
      int compacted = random.nextInt(log.size() + 1);
      Map<String, Entry> left = new LinkedHashMap<>();
      for (Entry entry : log.subList(0, compacted)) {
        left.remove(entry.key());
        left.put(entry.key(), entry);
      }
      List<Entry> after = new ArrayList<>(left.values());
      after.addAll(log.subList(compacted, log.size()));
      assertThat(read(after.toArray(Entry[]::new))).isEqualTo(whole);
    }
  }

  private static RematchState read(Entry... entries) throws InvalidProtocolBufferException {
    RematchState state = RematchState.NONE;
    for (Entry entry : entries) {
      state = state.next(entry.key().getBytes(StandardCharsets.UTF_8), entry.value().toByteArray());
    }
    return state;
  }

  private static Entry request(String id) {
    return new Entry(key(RematchState.requestKey(id)), asked(id, ""));
  }

  private static Entry cancel(String id, String author) {
    return new Entry(key(RematchState.cancelKey(id)), asked(id, author));
  }

  private static ByteString asked(String id, String cancelledBy) {
    return RematchRequest.newBuilder()
        .setJob(
            Rematch.newBuilder().setId(id).setState(State.PREPARING).setCancelledBy(cancelledBy))
        .build()
        .toByteString();
  }

  private static Entry progress(String id, State state, int images) {
    return new Entry(
        key(RematchState.progressKey(id)),
        RematchProgress.newBuilder()
            .setJob(Rematch.newBuilder().setId(id).setState(state).setImages(images))
            .build()
            .toByteString());
  }

  private static String key(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static @Nullable String id(RematchState.@Nullable Job job) {
    return job == null ? null : job.id();
  }
}
