package dev.mekiki.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import com.launchdarkly.eventsource.StreamException;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Matches as they are found; `hasNext` waits for the next one. One that is interrupted goes on
/// where it was, for as long as the builder's `streamPatience` says; then `hasNext` throws. At
/// first it must succeed within the builder's `attempts`. Read by one thread; any thread may close
/// it, and reading ends then.
public final class MatchStream implements Iterator<Match>, AutoCloseable {
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
  private static final long FIRST_DELAY_MILLIS = 200;

  private final String server;
  private final boolean endAtPresent;
  private final int attempts;
  private final Duration patience;
  private final MatchConnection connection;
  private final EventSource events;
  private int failures;
  private long interruptedSince;
  private String position;
  private @Nullable MessageEvent next;
  private boolean ended;
  private volatile boolean closed;

  MatchStream(
      Transport transport,
      MekikiClientBuilder settings,
      StreamMatchesRequest request,
      String position) {
    this.server = transport.server;
    this.endAtPresent = request.getEndAtPresent();
    this.attempts = settings.attempts;
    this.patience = settings.streamPatience;
    this.position = position;
    this.connection = new MatchConnection(transport, request);
    this.events =
        new EventSource.Builder(connection.strategy())
            .lastEventId(position)
            .retryDelay(FIRST_DELAY_MILLIS, TimeUnit.MILLISECONDS)
            .retryDelayStrategy(new RetryAfter(connection))
            .errorStrategy(
                new ErrorStrategy() {
                  @Override
                  public Result apply(StreamException failure) {
                    return new Result(
                        isWorthAnotherTry(failure) ? Action.CONTINUE : Action.THROW, this);
                  }
                })
            .build();
  }

  private boolean isWorthAnotherTry(StreamException failure) {
    if (closed || Thread.currentThread().isInterrupted()) {
      return false;
    }
    if (failure instanceof StreamClosedByServerException) {
      return !endAtPresent;
    }
    if (failure instanceof MatchConnection.RefusedException refusal && !refusal.isTemporary()) {
      return false;
    }
    long now = System.nanoTime();
    failures++;
    if (!connection.wasOpen()) {
      return failures < attempts;
    }
    if (failures == 1) {
      interruptedSince = now;
    }
    return now - interruptedSince < patience.toNanos();
  }

  /// Waits for the next match.
  ///
  /// @return false where the stream has ended: with the present, as it was asked to, or because it
  ///   was closed
  /// @throws MekikiException where the service refuses to go on, or is away for too long
  @Override
  public boolean hasNext() {
    while (next == null && !ended && !closed) {
      try {
        MessageEvent event = events.readMessage();
        failures = 0;
        if (event.getEventName().equals("match")) {
          next = event;
        }
      } catch (StreamException e) {
        ended = true;
        if (!closed && !(endAtPresent && e instanceof StreamClosedByServerException)) {
          throw failure(e);
        }
      }
    }
    return next != null;
  }

  private MekikiException failure(StreamException e) {
    return e instanceof MatchConnection.RefusedException refusal
        ? refusal.reason()
        : NoAnswerException.of(server, e);
  }

  /// The next match.
  ///
  /// @throws NoSuchElementException where the stream has ended
  /// @throws MekikiException as `hasNext` does
  @Override
  public Match next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the stream of matches has ended");
    }
    MessageEvent event = next;
    next = null;
    Match.Builder match = Match.newBuilder();
    try {
      PARSER.merge(event.getData(), match);
    } catch (InvalidProtocolBufferException e) {
      throw NoAnswerException.of(server, e);
    }
    if (event.getLastEventId() != null) {
      position = event.getLastEventId();
    }
    return match.build();
  }

  /// Where a later stream goes on behind the last match that this one gave; empty where it began
  /// with the beginning and gave none.
  public String position() {
    return position;
  }

  @Override
  public void close() {
    closed = true;
    events.close();
  }
}
