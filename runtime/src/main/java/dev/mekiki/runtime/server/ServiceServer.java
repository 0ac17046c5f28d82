package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import com.linecorp.armeria.server.prometheus.PrometheusExpositionService;
import dev.mekiki.runtime.StartException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server of one service: its own HTTP and gRPC services, and beside them
///
/// - `/livez`: 200 while the process runs;
/// - `/readyz`: 200 where the service can do its work, else 503;
/// - `/metrics`: what its registry holds, as Prometheus text.
///
/// Thread-safe.
public final class ServiceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServiceServer.class);
  private static final Duration QUIET_PERIOD = Duration.ofMillis(100);
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private final String name;
  private final String host;
  private final Server server;

  private ServiceServer(String name, String host, Server server) {
    this.name = name;
    this.host = host;
    this.server = server;
  }

  /// A server that accepts requests.
  ///
  /// @param name the service's name in logs and messages, such as `encoder`
  /// @param host name or address to listen on
  /// @param port port to listen on, 0 for a free one
  /// @param metrics what `/metrics` shows
  /// @param ready whether the service can do its work; asked at each request to `/readyz`
  /// @param services adds the service's own services and limits
  /// @throws StartException where the address cannot be bound
  public static ServiceServer start(
      String name,
      String host,
      int port,
      PrometheusMeterRegistry metrics,
      BooleanSupplier ready,
      Consumer<ServerBuilder> services) {
    InetSocketAddress address = resolved(name, host, port);
    ServerBuilder builder =
        Server.builder()
            .port(new ServerPort(address, SessionProtocol.HTTP))
            .meterRegistry(metrics)
            .gracefulShutdownTimeout(QUIET_PERIOD, SHUTDOWN_LIMIT)
            // For how long a connection still takes the requests that crossed its GOAWAY.
            .connectionDrainDuration(QUIET_PERIOD)
            .service("/livez", HealthCheckService.of())
            // Readiness is asked of the service at each request: there is no change to wait for.
            .service(
                "/readyz",
                HealthCheckService.builder()
                    .checkers(ready::getAsBoolean)
                    .longPolling(Duration.ZERO)
                    .build())
            .service("/metrics", PrometheusExpositionService.of(metrics.getPrometheusRegistry()));
    services.accept(builder);
    Server server = builder.build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      server.close();
      if (e.getCause() instanceof IOException reason) {
        throw new StartException(
            ("%s address: %s:%d cannot be bound: %s (expected: a free port of this machine; stop"
                    + " what listens there, or set mekiki.%s.port to another one, 0 for any free"
                    + " one)")
                .formatted(name, host, port, reason.getMessage(), name),
            reason);
      }
      throw e;
    }
    ServiceServer started = new ServiceServer(name, host, server);
    log.info("Server started service={} address={}", name, started.address());
    return started;
  }

  /// host:port as clients reach it.
  public String address() {
    String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return literal + ":" + server.activeLocalPort();
  }

  /// Stops accepting requests, lets those under way end within 10 s, then stops.
  @Override
  public void close() {
    CompletableFuture<Void> stopped = server.stop();
    // Once the last connection is closed, Armeria waits 2 s more for the thread that accepted them:
    // Netty's default, which Armeria has no setting for. Nothing depends on that thread any more.
    while (!stopped.isDone() && isReachable()) {
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
    log.info("Server stopped service={}", name);
  }

  private boolean isReachable() {
    return !server.activePorts().isEmpty() || server.numConnections() > 0;
  }

  private static InetSocketAddress resolved(String name, String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new StartException(
          "mekiki.%s.host: '%s' is not known (expected: a name or address of this machine)"
              .formatted(name, host),
          e);
    }
  }
}
