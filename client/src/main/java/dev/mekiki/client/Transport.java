package dev.mekiki.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.WebClientBuilder;
import com.linecorp.armeria.client.retry.Backoff;
import com.linecorp.armeria.client.retry.RetryConfig;
import com.linecorp.armeria.client.retry.RetryRule;
import com.linecorp.armeria.client.retry.RetryingClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.TimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Requests to one service, whose answers are waited for. Thread-safe.
final class Transport implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);
  // A peer that is gone without a word is noticed, also behind a stream that waits for years.
  private static final Duration BETWEEN_PINGS = Duration.ofSeconds(20);
  private static final long LARGEST_ANSWER_BYTES = 64 << 20;
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  // So that an answer that breaks off is one to ask for again.
  private static final RequestOptions WHOLE =
      RequestOptions.builder().exchangeType(ExchangeType.UNARY).build();

  final String server;
  private final ClientFactory connections;
  private final WebClient repeating;
  private final WebClient cautious;
  private final WebClient streaming;

  Transport(MekikiClientBuilder settings) {
    this.server = settings.server;
    this.connections =
        settings
            .connections
            .apply(ClientFactory.builder())
            .connectTimeout(CONNECT_LIMIT)
            .idleTimeout(IDLE_LIMIT)
            .pingInterval(BETWEEN_PINGS)
            .build();
    try {
      this.repeating = calling(settings, repeatable());
      this.cautious = calling(settings, notProcessed());
      this.streaming = base(settings).responseTimeoutMillis(0).maxResponseLength(0).build();
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private WebClientBuilder base(MekikiClientBuilder settings) {
    WebClientBuilder builder =
        WebClient.builder(server.contains("://") ? server : "http://" + server)
            .factory(connections);
    return settings.token == null
        ? builder
        : builder.setHeader(HttpHeaderNames.AUTHORIZATION, "Bearer " + settings.token);
  }

  private WebClient calling(MekikiClientBuilder settings, RetryRule rule) {
    // Waits as long as Retry-After says where that is longer, and not at all where no time is left.
    return base(settings)
        .responseTimeout(settings.timeout)
        .maxResponseLength(LARGEST_ANSWER_BYTES)
        .decorator(
            RetryingClient.builder(
                    RetryConfig.builder(rule).maxTotalAttempts(settings.attempts).build())
                .useRetryAfter(true)
                .newDecorator())
        .build();
  }

  private static Backoff backoff() {
    return Backoff.exponential(100, 10_000).withJitter(0.3);
  }

  /// For what may be done twice.
  private static RetryRule repeatable() {
    return RetryRule.builder()
        .onStatus(HttpStatus.TOO_MANY_REQUESTS, HttpStatus.SERVICE_UNAVAILABLE)
        .onException(
            (_, failure) -> !isCausedBy(failure, TimeoutException.class) && !isDistrust(failure))
        .thenBackoff(backoff());
  }

  /// For everything else: only where nothing was done the first time.
  private static RetryRule notProcessed() {
    return RetryRule.builder()
        .onStatus(HttpStatus.TOO_MANY_REQUESTS)
        .onException((_, failure) ->
            isCausedBy(failure, UnprocessedRequestException.class) && !isDistrust(failure))
        .thenBackoff(backoff());
  }

  private static boolean isDistrust(Throwable failure) {
    return isCausedBy(failure, SSLException.class);
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /// The answer to a request that may be made twice.
  ///
  /// @return the builder
  <B extends Message.Builder> B repeated(HttpRequest request, B answer) {
    return call(repeating, request, answer);
  }

  /// The answer to a request that is made again only where the service has not begun with it.
  ///
  /// @return the builder
  <B extends Message.Builder> B once(HttpRequest request, B answer) {
    return call(cautious, request, answer);
  }

  /// The beginning of an answer that has no end, not repeated.
  HttpResponse stream(HttpRequest request) {
    return streaming.execute(request);
  }

  private <B extends Message.Builder> B call(WebClient client, HttpRequest request, B answer) {
    AggregatedHttpResponse whole = whole(client.execute(request, WHOLE));
    if (!whole.status().isSuccess()) {
      throw ProblemException.of(server, whole);
    }
    try {
      PARSER.merge(whole.contentUtf8(), answer);
      return answer;
    } catch (InvalidProtocolBufferException e) {
      throw NoAnswerException.of(server, e);
    }
  }

  private AggregatedHttpResponse whole(HttpResponse response) {
    try {
      return response.aggregate().get();
    } catch (InterruptedException e) {
      response.abort(e);
      Thread.currentThread().interrupt();
      throw NoAnswerException.interrupted(e);
    } catch (ExecutionException e) {
      throw NoAnswerException.of(server, e);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
