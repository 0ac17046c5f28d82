package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A server starts only where each endpoint has a role.
class PermissionsTest {
  @Test
  void anEndpointWithoutARoleIsRefused() {
    assertRefused(
        Permissions.NONE,
        server -> server.service("/new", (context, request) -> HttpResponse.of("new")),
        "endpoints without a role: [/new]");
    assertRefused(
        Permissions.builder().needs(Role.READ, "GET /new").build(),
        server ->
            server.service(
                Route.builder().path("/new").methods(HttpMethod.GET, HttpMethod.DELETE).build(),
                (context, request) -> HttpResponse.of("new")),
        "endpoints without a role: [DELETE /new]");
  }

  @Test
  void aRoleWithoutAnEndpointIsRefused() {
    assertRefused(
        Permissions.builder().needs(Role.READ, "GET /old").build(),
        server -> {},
        "roles without an endpoint: [GET /old]");
  }

  @Test
  void anEndpointHasOneRole() {
    Permissions.Builder table = Permissions.builder().needs(Role.READ, "/some");
    assertThatThrownBy(() -> table.needs(Role.WRITE, "/some"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/some: named twice");
  }

  private static void assertRefused(
      Permissions permissions, Consumer<ServerBuilder> services, String message) {
    assertThatThrownBy(() ->
            ServiceServer.start(
                    TestAccess.of(Map.of()),
                    ServiceMetrics.registry("sample"),
                    () -> true,
                    permissions,
                    services)
                .close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(message);
  }
}
