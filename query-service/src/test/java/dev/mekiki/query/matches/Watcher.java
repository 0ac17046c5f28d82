package dev.mekiki.query.matches;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// Keeps what it is sent.
final class Watcher implements MatchSink {
  final List<MatchEvent> events = new CopyOnWriteArrayList<>();
  final CountDownLatch begun = new CountDownLatch(1);
  final CountDownLatch ended = new CountDownLatch(1);
  final CountDownLatch failed = new CountDownLatch(1);
  volatile @Nullable Throwable failure;
  volatile @Nullable String lastProblem;
  volatile boolean cancelled;
  volatile @Nullable CountDownLatch gate;

  List<String> names() {
    return events.stream().map(event -> event.match().getEventId()).toList();
  }

  List<String> await(int count) {
    Awaitility.await()
        .atMost(OnMatchTopic.LIMIT)
        .until(() -> failure != null || events.size() >= count);
    assertThat(failure).isNull();
    return names();
  }

  @Override
  public void begin(Positions start) {
    begun.countDown();
  }

  @Override
  public void send(MatchEvent event) throws InterruptedException {
    CountDownLatch closedGate = gate;
    if (closedGate != null) {
      closedGate.await();
    }
    events.add(event);
  }

  @Override
  public void idle(@Nullable String problem) {
    lastProblem = problem;
  }

  @Override
  public void end() {
    ended.countDown();
  }

  @Override
  public void fail(Throwable cause) {
    failure = cause;
    failed.countDown();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
