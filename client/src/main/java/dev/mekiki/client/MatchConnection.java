package dev.mekiki.client;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.logging.LDLogger;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.QueryParamsBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SplitHttpResponse;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.io.Serial;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Connects to the stream of matches, again where it was interrupted.
final class MatchConnection extends ConnectStrategy.Client {
  private static final URI ORIGIN = URI.create("/v1/matches");
  private static final Duration FIRST_BYTE_LIMIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Transport transport;
  private final StreamMatchesRequest request;
  private volatile boolean open;
  private volatile long retryAfterMillis;

  MatchConnection(Transport transport, StreamMatchesRequest request) {
    this.transport = transport;
    this.request = request;
  }

  /// The service does not give the stream.
  static final class RefusedException extends StreamException {
    @Serial private static final long serialVersionUID = 1L;

    private final MekikiException reason;

    RefusedException(MekikiException reason) {
      super(reason);
      this.reason = reason;
    }

    MekikiException reason() {
      return reason;
    }

    boolean isTemporary() {
      return switch (reason) {
        case ProblemException e ->
            e.problem().status() == HttpStatus.TOO_MANY_REQUESTS.code()
                || e.problem().status() == HttpStatus.SERVICE_UNAVAILABLE.code();
        case NoAnswerException e ->
            switch (e.reason()) {
              case UNREACHABLE, BROKEN, TIMEOUT -> true;
              case NOT_TRUSTED, INTERRUPTED -> false;
            };
      };
    }
  }

  ConnectStrategy strategy() {
    return new ConnectStrategy() {
      @Override
      public Client createClient(LDLogger logger) {
        return MatchConnection.this;
      }
    };
  }

  /// Whether the stream was given at least once.
  boolean wasOpen() {
    return open;
  }

  /// How long to wait before the next attempt, as the service has said; 0 where it has not.
  long retryAfterMillis() {
    return retryAfterMillis;
  }

  @Override
  public Result connect(@Nullable String lastEventId) throws StreamException {
    retryAfterMillis = 0;
    HttpResponse response = transport.stream(httpRequest(lastEventId));
    SplitHttpResponse split = response.split();
    ResponseHeaders headers;
    try {
      headers = split.headers().get(FIRST_BYTE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      response.abort(e);
      Thread.currentThread().interrupt();
      throw new RefusedException(NoAnswerException.interrupted(e));
    } catch (ExecutionException e) {
      throw new RefusedException(NoAnswerException.of(transport.server, e));
    } catch (java.util.concurrent.TimeoutException e) {
      response.abort(e);
      throw new RefusedException(NoAnswerException.of(transport.server, e));
    }
    if (!headers.status().equals(HttpStatus.OK)) {
      retryAfterMillis = retryAfter(headers);
      AggregatedHttpResponse problem = HttpResponse.of(headers, split.body()).aggregate().join();
      throw new RefusedException(ProblemException.of(transport.server, problem));
    }
    open = true;
    return new Result(split.body().toInputStream(data -> data), ORIGIN, () -> split.body().abort());
  }

  private HttpRequest httpRequest(@Nullable String lastEventId) {
    boolean goesOn = lastEventId != null && !lastEventId.isEmpty();
    QueryParamsBuilder parameters = QueryParams.builder();
    if (request.getFromBeginning() && !goesOn) {
      parameters.add("fromBeginning", "true");
    }
    if (request.getEndAtPresent()) {
      parameters.add("endAtPresent", "true");
    }
    if (request.hasTenant()) {
      parameters.add("tenant", request.getTenant());
    }
    HttpRequest stream = Requests.get("/v1/matches", parameters.build());
    var headers = stream.headers().toBuilder().accept(MediaType.EVENT_STREAM);
    if (lastEventId != null && goesOn) {
      headers.set("last-event-id", lastEventId);
    }
    return stream.withHeaders(headers);
  }

  /// @return milliseconds; 0 where the header is absent or a date
  private static long retryAfter(ResponseHeaders headers) {
    Long seconds = headers.getLong(HttpHeaderNames.RETRY_AFTER);
    return seconds == null ? 0 : Math.clamp(seconds * 1000, 0, LONGEST_WAIT.toMillis());
  }

  @Override
  public boolean awaitClosed(long timeoutMillis) {
    return true;
  }

  @Override
  public URI getOrigin() {
    return ORIGIN;
  }

  @Override
  public void close() {
    // Connections are the transport's.
  }
}
