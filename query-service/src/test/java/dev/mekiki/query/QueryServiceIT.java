package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the service starts and closes, on a broker alone.
class QueryServiceIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir static Path directory;

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void portInUseLeavesNothingRunning() {
    try (QueryService first = service("0")) {
      List<String> before = threads();
      String port = first.address().substring(first.address().lastIndexOf(':') + 1);
      assertThatThrownBy(() -> service(port))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(port)
          .hasMessageContaining("cannot be bound");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(startedSince(before)).isEmpty());
    }
  }

  @Test
  void closesWithinThreeSecondsWhileClientsAreConnected() throws Exception {
    QueryService service = service("0");
    try (ClientFactory factory = ClientFactory.builder().build()) {
      WebClient http =
          WebClient.builder(service.url())
              .factory(factory)
              .responseTimeoutMillis(0)
              .maxResponseLength(0)
              .build();
      // Two streams of events, one read and one that nobody reads any more.
      List<HttpData> events = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> read =
          StreamMessage.of(http.get("/v1/matches").split().body()).peek(events::add).subscribe();
      var unread = http.get("/v1/matches?fromBeginning=true");
      Watch grpc = new Watch();
      GrpcClients.builder("gproto+" + service.url())
          .factory(factory)
          .responseTimeoutMillis(0)
          .build(MekikiGrpc.MekikiStub.class)
          .streamMatches(StreamMatchesRequest.getDefaultInstance(), grpc);
      // A body of which the rest never comes.
      HttpRequestWriter upload =
          HttpRequest.streaming(
              RequestHeaders.of(HttpMethod.PUT, "/v1/images/x", "content-length", "1000"));
      var stuck = http.execute(upload).aggregate();
      upload.write(HttpData.wrap(new byte[10]));
      await().atMost(LIMIT).until(() -> !events.isEmpty());
      await()
          .atMost(LIMIT)
          .until(() ->
              http.get("/metrics")
                  .aggregate()
                  .join()
                  .contentUtf8()
                  .lines()
                  .anyMatch(line -> line.matches("mekiki_query_match_subscriptions\\S* 3.0")));

      long start = System.nanoTime();
      service.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      // The streams are ended, not broken.
      assertThat(read).succeedsWithin(LIMIT);
      assertThat(grpc.ended.get(30, TimeUnit.SECONDS)).isEqualTo("completed");
      unread.abort();
      upload.abort();
      assertThat(stuck)
          .succeedsWithin(LIMIT)
          .satisfies(
              refused -> assertThat(refused.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE));
    }
  }

  private static QueryService service(String port) {
    return QueryService.start(
        Configuration.of(
            QueryConfig.class,
            Map.of(
                "mekiki.kafka.bootstrap-servers",
                broker.bootstrapServers(),
                "mekiki.query.port",
                port)));
  }

  /// The threads that a service starts, by name. The threads beyond those of before: of these, idle
  /// ones of a pool may have ended.
  private static List<String> startedSince(List<String> before) {
    List<String> started = new ArrayList<>(threads());
    before.forEach(started::remove);
    return started;
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name ->
            name.equals("match-feed")
                || name.equals("generation-watch")
                || name.equals("routing-watcher")
                || name.equals("query-timer")
                || name.startsWith("kafka-producer-network-thread")
                || name.startsWith("kafka-admin-client-thread"))
        .map(name -> name.replaceFirst("\\|.*", ""))
        .sorted()
        .toList();
  }

  private static final class Watch implements StreamObserver<Match> {
    final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public void onNext(Match match) {}

    @Override
    public void onError(Throwable cause) {
      ended.complete(String.valueOf(cause));
    }

    @Override
    public void onCompleted() {
      ended.complete("completed");
    }
  }
}
