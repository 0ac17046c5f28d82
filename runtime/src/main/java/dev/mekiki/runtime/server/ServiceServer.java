package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.ServerTlsConfig;
import com.linecorp.armeria.server.ServerTlsConfigBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import com.linecorp.armeria.server.prometheus.PrometheusExpositionService;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.FailureOwner;
import io.grpc.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server of one service: its own HTTP and gRPC services, and beside them
///
/// - `/livez`: 200 while every component works or is retried, else 503 with the reason: a restart
///   would help;
/// - `/readyz`: 200 where the service can do its work, else 503;
/// - `/metrics`: what its registry holds, as Prometheus text.
///
/// Where a token, or who is a service by its certificate, is configured, all but the first two and
/// each {@link OpenService} need one, with the role that {@link Permissions} says. `/metrics` needs
/// one that is bound to no tenant: it counts what all tenants do. Without a token, requests from
/// web pages of other sites are refused by their `Host` and `Origin`, unless they are configured.
/// Errors that no service answers are a {@link Problem}. Thread-safe.
public final class ServiceServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServiceServer.class);
  private static final Duration QUIET_PERIOD = Duration.ofMillis(100);
  private static final Duration SHUTDOWN_LIMIT = Duration.ofMillis(1500);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private final Access access;
  private final Server server;
  private final @Nullable TokenWatch tokens;

  private ServiceServer(Access access, Server server, @Nullable TokenWatch tokens) {
    this.access = access;
    this.server = server;
    this.tokens = tokens;
  }

  /// A server that accepts requests.
  ///
  /// @param access where it listens and whom it answers
  /// @param metrics what `/metrics` shows
  /// @param ready whether the service can do its work; asked at each request to `/readyz`
  /// @param permissions which roles the service's own services need
  /// @param services adds the service's own services and limits
  /// @throws StartException where the address cannot be bound, or the key is not the certificate's
  public static ServiceServer start(
      Access access,
      PrometheusMeterRegistry metrics,
      BooleanSupplier ready,
      Permissions permissions,
      Consumer<ServerBuilder> services) {
    return start(
        access, metrics, ready, new FailureOwner(access.service(), metrics), permissions, services);
  }

  /// A server that accepts requests.
  ///
  /// @param access where it listens and whom it answers
  /// @param metrics what `/metrics` shows
  /// @param ready whether the service can do its work; asked at each request to `/readyz`
  /// @param failures knows whether the service is alive; asked at each request to `/livez`
  /// @param permissions which roles the service's own services need
  /// @param services adds the service's own services and limits
  /// @throws StartException where the address cannot be bound, or the key is not the certificate's
  public static ServiceServer start(
      Access access,
      PrometheusMeterRegistry metrics,
      BooleanSupplier ready,
      FailureOwner failures,
      Permissions permissions,
      Consumer<ServerBuilder> services) {
    ServerBuilder builder =
        Server.builder()
            .meterRegistry(metrics)
            .errorHandler(new ProblemErrors())
            .gracefulShutdownTimeout(QUIET_PERIOD, SHUTDOWN_LIMIT)
            // For how long a connection still takes the requests that crossed its GOAWAY.
            .connectionDrainDuration(QUIET_PERIOD)
            .service("/livez", new OpenService((_, request) -> liveness(failures, request)))
            // Readiness is asked of the service at each request: there is no change to wait for.
            .service(
                "/readyz",
                new OpenService(
                    HealthCheckService.builder()
                        .checkers(ready::getAsBoolean)
                        .longPolling(Duration.ZERO)
                        .build()))
            .service(
                "/metrics",
                PrometheusExpositionService.of(metrics.getPrometheusRegistry())
                    .decorate(ServiceServer::refuseTenants));
    services.accept(builder);
    if (access.isGuarded()) {
      builder.decorator(new TokenCheck(access, permissions, metrics));
    }
    HostCheck hosts = HostCheck.of(access);
    if (hosts != null) {
      builder.decorator(hosts);
    }
    if (!access.crossOrigins().isEmpty()) {
      // Outermost: a browser asks first without a token, and is told of refusals, too.
      builder.decorator(access.crossOrigins().decorator());
    }
    Server server = built(builder, access);
    permissions.check(server);
    try {
      server.start().join();
    } catch (CompletionException e) {
      server.close();
      if (e.getCause() instanceof IOException reason) {
        throw new StartException(
            ("%s address: %s:%d cannot be bound: %s (expected: a free port of this machine; stop"
                    + " what listens there, or set mekiki.%s.port to another one, 0 for any free"
                    + " one)")
                .formatted(
                    access.service(),
                    access.host(),
                    access.address().getPort(),
                    reason.getMessage(),
                    access.service()),
            reason);
      }
      throw e;
    }
    ServiceServer started =
        new ServiceServer(access, server, TokenWatch.start(access, failures, metrics));
    log.info("Server started service={} address={}", access.service(), started.url());
    if (!access.isLoopback() && !access.isGuarded()) {
      log.warn("Everybody on the network is answered address={}", started.url());
    } else if (!access.isLoopback() && access.certificate() == null) {
      log.warn("Token and data travel unencrypted address={}", started.url());
    }
    return started;
  }

  private static HttpResponse refuseTenants(
      HttpService service, ServiceRequestContext context, HttpRequest request) throws Exception {
    return Caller.of(context).tenant() == null
        ? service.serve(context, request)
        : Refusal.of(
            request,
            Status.PERMISSION_DENIED.withDescription(
                "path: %s speaks of all tenants (expected: a token that is bound to no tenant)"
                    .formatted(context.path())),
            HttpStatus.FORBIDDEN);
  }

  /// Alive with the body that Armeria's health checks have; else with the reason.
  private static HttpResponse liveness(FailureOwner failures, HttpRequest request) {
    return failures
        .defect()
        .map(defect ->
            Problem.response(
                Status.UNAVAILABLE.withDescription(defect),
                HttpStatus.SERVICE_UNAVAILABLE,
                request.headers()))
        .orElseGet(
            () -> HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, "{\"healthy\":true}"));
  }

  private static Server built(ServerBuilder builder, Access access) {
    @Nullable OwnCertificate own = access.certificate();
    if (own == null) {
      return builder.port(new ServerPort(access.address(), SessionProtocol.HTTP)).build();
    }
    @Nullable Trust peers = access.peers();
    ServerTlsConfigBuilder tls = ServerTlsConfig.builder();
    if (peers != null) {
      // Who shows none may still have a token: users, probes and Prometheus do.
      tls.clientAuth(ClientAuth.OPTIONAL).tlsCustomizer(context -> context.trustManager(peers));
    }
    return builder
        .port(new ServerPort(access.address(), SessionProtocol.HTTPS))
        .tlsProvider(own.provider(peers == null ? List::of : peers::certificates), tls.build())
        .build();
  }

  /// host:port as clients reach it.
  public String address() {
    String host = access.host();
    String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return literal + ":" + server.activeLocalPort();
  }

  /// The address with `http://` or `https://` before it.
  public String url() {
    return (access.certificate() == null ? "http://" : "https://") + address();
  }

  /// Stops accepting requests, lets those under way end within 1.5 s, then stops.
  @Override
  public void close() {
    if (tokens != null) {
      tokens.close();
    }
    CompletableFuture<Void> stopped = server.stop();
    // Once the last connection is closed, Armeria waits 2 s more for the thread that accepted them:
    // Netty's default, which Armeria has no setting for. Nothing depends on that thread any more.
    while (!stopped.isDone() && isReachable()) {
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
    log.info("Server stopped service={}", access.service());
  }

  private boolean isReachable() {
    return !server.activePorts().isEmpty() || server.numConnections() > 0;
  }
}
