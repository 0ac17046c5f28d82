package dev.mekiki.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A server that fails in the order of a script, over real connections.
class RetriesTest {
  private static final String STATUS = "{\"partitions\": 4, \"unknownToThisClient\": [1]}";

  private final LinkedBlockingDeque<Supplier<HttpResponse>> script = new LinkedBlockingDeque<>();
  private final List<RequestHeaders> requests = new CopyOnWriteArrayList<>();
  private final List<Integer> bodies = new CopyOnWriteArrayList<>();
  private final Server server =
      Server.builder()
          .http(0)
          .service(
              "prefix:/",
              (_, request) -> HttpResponse.of(request.aggregate().thenApply(this::answer)))
          .build();
  private MekikiClient client;

  private HttpResponse answer(AggregatedHttpRequest request) {
    requests.add(request.headers());
    bodies.add(request.content().length());
    return script.isEmpty()
        ? problem(HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL", "nothing is left")
        : script.removeFirst().get();
  }

  @BeforeEach
  void start() {
    server.start().join();
    client = builder().build();
  }

  private MekikiClientBuilder builder() {
    return MekikiClient.builder("127.0.0.1:" + server.activeLocalPort());
  }

  @AfterEach
  void stop() {
    client.close();
    var _ = server.stop();
  }

  private static HttpResponse problem(HttpStatus status, String code, String detail) {
    return HttpResponse.of(
        status,
        MediaType.parse("application/problem+json"),
        "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\"}"
            .formatted(status.code(), detail, code));
  }

  private static HttpResponse later(HttpResponse refusal, int seconds) {
    return refusal.mapHeaders(
        headers -> headers.toBuilder().setInt(HttpHeaderNames.RETRY_AFTER, seconds).build());
  }

  private static HttpResponse overload() {
    return problem(HttpStatus.TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", "busy");
  }

  private static HttpResponse unavailable() {
    return problem(HttpStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", "restoring");
  }

  private static HttpResponse broken() {
    HttpResponseWriter response = HttpResponse.streaming();
    response.write(ResponseHeaders.of(HttpStatus.OK));
    response.close(new IllegalStateException("cut"));
    return response;
  }

  private static HttpResponse ok(String json) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json);
  }

  @Test
  void callsAreRepeatedAsLateAsTheServiceSays() {
    script.add(() -> later(overload(), 1));
    script.add(RetriesTest::unavailable);
    script.add(RetriesTest::broken);
    script.add(() -> ok(STATUS));
    Instant from = Instant.now();

    assertThat(client.status().getPartitions()).isEqualTo(4);
    assertThat(requests).hasSize(4);
    assertThat(Duration.between(from, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void imagesAreSentAgainWhole() {
    script.add(RetriesTest::overload);
    script.add(RetriesTest::unavailable);
    script.add(() -> ok("{\"source\":{\"topic\":\"images\",\"partition\":1,\"offset\":\"9\"}}"));

    assertThat(client.put("a b", new byte[300_000]).getOffset()).isEqualTo(9);
    assertThat(bodies).containsExactly(300_000, 300_000, 300_000);
    assertThat(requests.getLast().path()).isEqualTo("/v1/images?id=a+b");
  }

  @Test
  void whatMayHaveBeenDoneIsNotDoneTwice() {
    script.add(RetriesTest::overload);
    script.add(RetriesTest::unavailable);

    assertThatThrownBy(() -> client.policy().create(CreateMuteRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(503))
        .hasMessage("restoring");
    // Once more after 429, which says that nothing was done, and not after 503.
    assertThat(requests).hasSize(2);
    script.add(RetriesTest::broken);
    assertThatThrownBy(() -> client.policy().create(CreateMuteRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            NoAnswerException.class,
            e -> assertThat(e.reason()).isEqualTo(NoAnswerException.Reason.BROKEN));
    assertThat(requests).hasSize(3);
  }

  @Test
  void attemptsAreBounded() {
    for (int i = 0; i < 9; i++) {
      script.add(RetriesTest::overload);
    }
    assertThatThrownBy(client::status).isInstanceOf(OverloadedException.class).hasMessage("busy");
    assertThat(requests).hasSize(5);
    try (MekikiClient once = builder().attempts(1).build()) {
      assertThatThrownBy(once::status).isInstanceOf(OverloadedException.class);
    }
    assertThat(requests).hasSize(6);
  }

  @Test
  void nothingIsWaitedForThatComesTooLate() {
    script.add(() -> later(overload(), 600));
    try (MekikiClient hasty = builder().timeout(Duration.ofSeconds(5)).build()) {
      assertThatThrownBy(hasty::status).isInstanceOf(OverloadedException.class);
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void answersThatDoNotComeInTimeAreSaidToBeSo() {
    script.add(HttpResponse::streaming);
    try (MekikiClient hasty = builder().timeout(Duration.ofMillis(300)).build()) {
      assertThatThrownBy(hasty::status)
          .isInstanceOfSatisfying(
              NoAnswerException.class,
              e -> assertThat(e.reason()).isEqualTo(NoAnswerException.Reason.TIMEOUT));
    }
  }

  @Test
  void errorsOfOthersAreNamed() {
    script.add(() -> HttpResponse.of(HttpStatus.BAD_GATEWAY, MediaType.HTML_UTF_8, "<html/>"));
    assertThatThrownBy(client::status)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("502")
        .hasMessageContaining("text/html");
    script.add(() -> ok("no JSON"));
    assertThatThrownBy(client::status).isInstanceOf(NoAnswerException.class);
    script.add(() -> problem(HttpStatus.BAD_REQUEST, "INVALID_ARGUMENT", "k: 0"));
    assertThatThrownBy(() -> client.search(SearchRequest.getDefaultInstance()))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(requests).hasSize(3);
  }

  @Test
  void tokenIsNamed() {
    script.add(() -> problem(HttpStatus.UNAUTHORIZED, "UNAUTHENTICATED", "no such token"));
    try (MekikiClient known = builder().token("abc").build()) {
      assertThatThrownBy(known::status).hasMessageContaining("requires a token: no such token");
    }
    assertThat(requests.getFirst().get(HttpHeaderNames.AUTHORIZATION)).isEqualTo("Bearer abc");
  }

  @Test
  void serverThatIsNotThereIsNotReachable() {
    try (MekikiClient nobody = MekikiClient.builder("127.0.0.1:1").attempts(2).build()) {
      assertThatThrownBy(nobody::status)
          .isInstanceOfSatisfying(
              NoAnswerException.class,
              e -> assertThat(e.reason()).isEqualTo(NoAnswerException.Reason.UNREACHABLE))
          .hasMessageContaining("127.0.0.1:1 is not reachable");
      assertThatThrownBy(
              () -> {
                try (MatchStream matches =
                    nobody.matches(
                        StreamMatchesRequest.newBuilder().setFromBeginning(true).build())) {
                  matches.hasNext();
                }
              })
          .isInstanceOf(NoAnswerException.class)
          .hasMessageContaining("127.0.0.1:1 is not reachable");
    }
  }

  private static HttpResponse events(boolean cut, String... ids) {
    HttpResponseWriter response = HttpResponse.streaming();
    response.write(ResponseHeaders.builder(200).contentType(MediaType.EVENT_STREAM).build());
    for (String id : ids) {
      response.write(
          HttpData.ofUtf8(
              "id: %s\nevent: match\ndata: {\"eventId\":\"%s\"}\n\n: idle\n\n".formatted(id, id)));
    }
    if (cut) {
      // Once the client has what was written.
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
          .execute(() -> response.close(new IllegalStateException("cut")));
    } else {
      response.close();
    }
    return response;
  }

  @Test
  void streamGoesOnBehindTheLastMatch() {
    script.add(() -> later(unavailable(), 1));
    script.add(() -> events(true, "1", "2"));
    script.add(RetriesTest::overload);
    script.add(() -> events(false, "3"));
    script.add(() -> events(true, "4"));
    script.add(() -> problem(HttpStatus.FORBIDDEN, "PERMISSION_DENIED", "not any more"));
    Instant from = Instant.now();

    try (MatchStream matches =
        client.matches(StreamMatchesRequest.newBuilder().setFromBeginning(true).build())) {
      for (String id : List.of("1", "2", "3", "4")) {
        assertThat(matches.next().getEventId()).isEqualTo(id);
        assertThat(matches.position()).isEqualTo(id);
      }
      assertThatThrownBy(matches::hasNext)
          .isInstanceOf(ProblemException.class)
          .hasMessage("not any more");
    }
    assertThat(Duration.between(from, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
    assertThat(requests)
        .extracting(headers -> headers.get("last-event-id", "none"))
        .containsExactly("none", "none", "2", "2", "3", "4");
    assertThat(requests.getFirst().path()).isEqualTo("/v1/matches?fromBeginning=true");
    assertThat(requests.getLast().path()).isEqualTo("/v1/matches");
  }

  @Test
  void streamThatEndsWithThePresentIsReadToItsEnd() {
    script.add(() -> events(true, "1"));
    script.add(() -> events(false, "2"));
    StreamMatchesRequest request =
        StreamMatchesRequest.newBuilder().setFromBeginning(true).setEndAtPresent(true).build();

    try (MatchStream matches = client.matches(request)) {
      assertThat(matches).toIterable().hasSize(2);
    }
    assertThat(requests).hasSize(2);
  }

  @Test
  void streamGivesUpWhenTheServiceIsAwayForTooLong() {
    script.add(() -> events(true, "1"));
    for (int i = 0; i < 50; i++) {
      script.add(RetriesTest::unavailable);
    }
    try (MekikiClient hasty = builder().streamPatience(Duration.ofSeconds(1)).build();
        MatchStream matches =
            hasty.matches(StreamMatchesRequest.newBuilder().setFromBeginning(true).build())) {
      matches.next();
      assertThatThrownBy(matches::hasNext)
          .isInstanceOf(ProblemException.class)
          .hasMessage("restoring");
    }
    assertThat(requests).hasSizeBetween(3, 20);
  }
}
