package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpResponse;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

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
      int port = Integer.parseInt(server.address().substring("127.0.0.1:".length()));
      assertThatThrownBy(() -> start(port))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("mekiki.sample.port");
    }
  }

  @Test
  void unknownHostIsRefused() {
    assertThatThrownBy(() ->
            ServiceServer.start("sample", "host.invalid", 0, metrics, ready::get, builder -> {}))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.sample.host: 'host.invalid'");
  }

  private ServiceServer start(int port) {
    return ServiceServer.start(
        "sample",
        "127.0.0.1",
        port,
        metrics,
        ready::get,
        builder -> builder.service("/hello", (context, request) -> HttpResponse.of("hello")));
  }

  private static int status(WebClient client, String path) {
    return client.blocking().get(path).status().code();
  }
}
