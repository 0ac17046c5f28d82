package dev.mekiki.query.api;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamWriter;
import dev.mekiki.query.matches.MatchEvent;
import dev.mekiki.query.matches.MatchSink;
import dev.mekiki.query.matches.Positions;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/// Matches as server-sent events named `match`. The id of each says where to go on, and browsers
/// send it back when they reconnect.
final class SseMatchSink implements MatchSink {
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  /// Shorter than what proxies take for a dead connection.
  private static final Duration BETWEEN_COMMENTS = Duration.ofSeconds(10);

  private final StreamWriter<ServerSentEvent> events;
  private long lastWrite = System.nanoTime();

  SseMatchSink(StreamWriter<ServerSentEvent> events) {
    this.events = events;
  }

  @Override
  public void begin(Positions start) throws InterruptedException {
    // An event without data is not seen by the page, but its id is kept: a connection that breaks
    // before the first match loses none.
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
            .data(Json.print(event.match()))
            .build());
  }

  @Override
  public void idle() throws InterruptedException {
    if (System.nanoTime() - lastWrite >= BETWEEN_COMMENTS.toNanos()) {
      write(ServerSentEvent.ofComment("still watching"));
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
        // The watcher has gone; isCancelled says so next.
        events.abort();
      }
    }
  }
}
