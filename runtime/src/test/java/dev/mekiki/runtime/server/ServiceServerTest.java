package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.FailureKind;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import io.grpc.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServiceServerTest {
  private final PrometheusMeterRegistry metrics = ServiceMetrics.registry("sample");
  private final AtomicBoolean ready = new AtomicBoolean();

  @Test
  void healthReadinessAndMetricsAreServedBesideTheServicesOwn() {
    try (ServiceServer server = start(0)) {
      metrics.counter("mekiki.sample.images").increment();
      WebClient client = WebClient.of("http://" + server.address());
      assertThat(status(client, "/livez")).isEqualTo(200);
      assertThat(status(client, "/readyz")).isEqualTo(503);
      ready.set(true);
      assertThat(status(client, "/readyz")).isEqualTo(200);
      assertThat(client.blocking().get("/metrics").contentUtf8())
          .contains("mekiki_sample_images_total{service=\"sample\"} 1.0")
          .contains("jvm_memory_used_bytes");
      assertThat(client.blocking().get("/hello").contentUtf8()).isEqualTo("hello");
    }
  }

  @Test
  void portInUseIsRefused() {
    try (ServiceServer server = start(0)) {
      int port = port(server);
      assertThatThrownBy(() -> start(port))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("mekiki.sample.port");
    }
  }

  @Test
  void unknownHostIsRefused() {
    assertThatThrownBy(() -> TestAccess.of(Map.of("mekiki.sample.host", "host.invalid")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.sample.host: 'host.invalid'");
  }

  @Test
  void closingWaitsForRequestsUnderWayAndForNothingElse() throws Exception {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    CountDownLatch arrived = new CountDownLatch(1);
    ServiceServer server =
        start(
            0,
            List.of("/slow"),
            builder ->
                builder.service(
                    "/slow",
                    (context, request) -> {
                      arrived.countDown();
                      return HttpResponse.of(answer);
                    }));
    CompletableFuture<AggregatedHttpResponse> response =
        WebClient.of("http://" + server.address()).get("/slow").aggregate();
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    assertThatThrownBy(() -> closing.get(500, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    answer.complete(HttpResponse.of("done"));
    assertThat(response.get(10, TimeUnit.SECONDS).contentUtf8()).isEqualTo("done");
    // Well below the 2 s for which Netty's threads linger.
    assertThat(closing).succeedsWithin(Duration.ofMillis(1_500));
  }

  @Test
  void portIsFreeOnceClosed() {
    ServiceServer first = start(0);
    int port = port(first);
    WebClient client = WebClient.of("http://" + first.address());
    assertThat(status(client, "/livez")).isEqualTo(200);
    first.close();
    try (ServiceServer second = start(port)) {
      assertThat(port(second)).isEqualTo(port);
    }
  }

  @Test
  void everyErrorIsAProblem() {
    ServiceServer server =
        start(
            0,
            List.of("/post", "/slow", "/broken", "/cancelled"),
            builder ->
                builder
                    .maxRequestLength(1_000)
                    .requestTimeoutMillis(1_000)
                    .service(
                        Route.builder().path("/post").methods(HttpMethod.POST).build(),
                        (context, request) ->
                            HttpResponse.of(
                                request.aggregate().thenApply(_ -> HttpResponse.of("read"))))
                    .service("/slow", (context, request) -> HttpResponse.streaming())
                    .service(
                        "/broken",
                        (context, request) -> {
                          throw new IllegalStateException("secret");
                        })
                    .service(
                        "/cancelled",
                        (context, request) -> {
                          throw Status.CANCELLED.asRuntimeException();
                        }));
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(ProblemErrors.class);
    logger.addAppender(lines);
    try (server) {
      WebClient client = WebClient.of(server.url());
      assertProblem(client.get("/nowhere"), 404, "path: '/nowhere' is not known");
      assertProblem(client.get("/post"), 405, "method: GET is not allowed at '/post'");
      assertProblem(
          client.post("/post", "x".repeat(2_000)),
          413,
          "request body: too large (expected: at most 1000 bytes)");
      assertProblem(client.get("/slow"), 503, "request: not answered within 1 s");
      assertProblem(client.get("/broken"), 500, "request: failed for a reason inside the service");
      assertThat(status(client, "/cancelled")).isEqualTo(500);
    } finally {
      logger.detachAppender(lines);
    }
    // A caller that is gone is no defect.
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Request failed path=/broken");
  }

  @Test
  void livenessNamesTheComponentThatIsGivenUp() {
    FailureOwner failures = new FailureOwner("sample", metrics);
    Component component =
        failures.component("loop", FailurePolicy.standard(failure -> FailureKind.FAULT));
    try (ServiceServer server =
        ServiceServer.start(
            TestAccess.of(Map.of("mekiki.sample.port", "0")),
            metrics,
            ready::get,
            failures,
            Permissions.NONE,
            builder -> {})) {
      WebClient client = WebClient.of(server.url());
      assertThat(status(client, "/livez")).isEqualTo(200);
      Exception _ = component.died(new IllegalStateException("broken"));
      assertProblem(client.get("/livez"), 503, "sample: loop failed 1 times");
    }
  }

  private static void assertProblem(HttpResponse answer, int status, String detail) {
    AggregatedHttpResponse response = answer.aggregate().join();
    assertThat(response.status().code()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
    assertThat(response.contentUtf8()).contains(detail).doesNotContain("secret");
  }

  private ServiceServer start(int port) {
    return start(
        port,
        List.of("/hello"),
        builder -> builder.service("/hello", (context, request) -> HttpResponse.of("hello")));
  }

  private ServiceServer start(int port, List<String> paths, Consumer<ServerBuilder> services) {
    return ServiceServer.start(
        TestAccess.of(Map.of("mekiki.sample.port", Integer.toString(port))),
        metrics,
        ready::get,
        Permissions.builder().needsAny(paths.toArray(String[]::new)).build(),
        services);
  }

  private static int port(ServiceServer server) {
    return Integer.parseInt(server.address().substring("127.0.0.1:".length()));
  }

  private static int status(WebClient client, String path) {
    return client.blocking().get(path).status().code();
  }
}
