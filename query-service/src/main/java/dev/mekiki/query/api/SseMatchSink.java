package dev.mekiki.query.api;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamWriter;
import dev.mekiki.query.matches.MatchEvent;
import dev.mekiki.query.matches.MatchSink;
import dev.mekiki.query.matches.Positions;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Matches as server-sent events named `match`. The id of each is the position after it, which
/// browsers send back when they reconnect.
final class SseMatchSink implements MatchSink {
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  /// Shorter than the time after which proxies close a silent connection.
  private static final Duration BETWEEN_COMMENTS = Duration.ofSeconds(10);

  private final StreamWriter<ServerSentEvent> events;
  private long lastWrite = System.nanoTime();
  private @Nullable String lastProblem;

  SseMatchSink(StreamWriter<ServerSentEvent> events) {
    this.events = events;
  }

  @Override
  public void begin(Positions start) throws InterruptedException {
    // Clients keep the id of an event without data: a connection that breaks before the first match
    // loses none.
    write(
        ServerSentEvent.builder()
            .id(start.toString())
            .retry(RECONNECT)
            .comment("watching matches")
            .build());
  }

  @Override
  public void send(MatchEvent event) throws InterruptedException {
    write(
        ServerSentEvent.builder()
            .id(event.next().toString())
            .event("match")
            .data(event.json())
            .build());
  }

  @Override
  public void idle(@Nullable String problem) throws InterruptedException {
    // Two texts of one outage may differ; only its begin and its end are news.
    boolean news = (problem == null) != (lastProblem == null);
    if (news || System.nanoTime() - lastWrite >= BETWEEN_COMMENTS.toNanos()) {
      lastProblem = problem;
      write(
          ServerSentEvent.ofComment(
              problem == null
                  ? "watching matches"
                  : "not reading matches: " + problem.replaceAll("\\s+", " ")));
    }
  }

  @Override
  public void end() {
    events.close();
  }

  @Override
  public void fail(Throwable cause) {
    events.close(cause);
  }

  @Override
  public boolean isCancelled() {
    return !events.isOpen();
  }

  private void write(ServerSentEvent event) throws InterruptedException {
    lastWrite = System.nanoTime();
    if (events.tryWrite(event)) {
      try {
        events.whenConsumed().get();
      } catch (ExecutionException e) {
        // The client has gone; isCancelled reports it next.
        events.abort();
      }
    }
  }
}
