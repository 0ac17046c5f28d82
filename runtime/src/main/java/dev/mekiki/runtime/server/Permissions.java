package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceConfig;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The role that each endpoint of a service needs. A server starts only where every one has a role,
/// is for every known caller, or is an {@link OpenService}: none is forgotten.
///
/// An endpoint is named by the pattern of its path, with the HTTP method before it where methods
/// differ: `DELETE /v1/images`, `/mekiki.v1.Mekiki/Search`. Immutable, thread-safe.
public final class Permissions {
  /// Those of a server that has nothing but what every server has.
  public static final Permissions NONE = builder().build();

  private final Map<String, Need> needed;

  /// @param role null where every known caller may use an endpoint
  private record Need(@Nullable Role role) {}

  private Permissions(Map<String, Need> needed) {
    this.needed = Map.copyOf(needed);
  }

  /// A table of what every server has; a service adds its own.
  public static Builder builder() {
    return new Builder().needs(Role.OPERATE, "/metrics");
  }

  /// Collects endpoints.
  public static final class Builder {
    private final Map<String, Need> needed = new HashMap<>();

    private Builder() {}

    /// Endpoints that need a role.
    ///
    /// @throws IllegalArgumentException where one is named twice
    public Builder needs(Role role, String... endpoints) {
      return add(new Need(role), endpoints);
    }

    /// The methods of a gRPC service, which all need a role.
    ///
    /// @throws IllegalArgumentException where one is named twice
    public Builder needs(Role role, ServiceDescriptor service) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        var _ = needs(role, "/" + method.getFullMethodName());
      }
      return this;
    }

    /// Endpoints that need a known caller, whatever its roles.
    ///
    /// @throws IllegalArgumentException where one is named twice
    public Builder needsAny(String... endpoints) {
      return add(new Need(null), endpoints);
    }

    private Builder add(Need need, String... endpoints) {
      for (String endpoint : endpoints) {
        if (needed.put(endpoint, need) != null) {
          throw new IllegalArgumentException(endpoint + ": named twice (expected: once)");
        }
      }
      return this;
    }

    /// The table.
    public Permissions build() {
      return new Permissions(needed);
    }
  }

  /// The role of each endpoint; empty where every known caller may use it.
  public Map<String, Optional<Role>> endpoints() {
    Map<String, Optional<Role>> endpoints = new HashMap<>();
    needed.forEach((endpoint, need) -> endpoints.put(endpoint, Optional.ofNullable(need.role())));
    return Map.copyOf(endpoints);
  }

  /// The role that a request needs; null where every known caller may send it.
  ///
  /// @throws IllegalStateException where the endpoint is not named; {@link #check} does not let a
  ///   server with such a one start
  @Nullable Role needed(ServiceConfig config, HttpMethod method) {
    if (config.route().isFallback()) {
      // There is nothing: the answer is 404.
      return null;
    }
    @Nullable Need need = find(config.route(), method);
    if (need == null) {
      throw new IllegalStateException(config.route() + ": no role");
    }
    return need.role();
  }

  /// Checks that each endpoint of a server is named, and that there is each that is named.
  ///
  /// @throws IllegalStateException naming those of which this is not so
  void check(Server server) {
    TreeSet<String> missing = new TreeSet<>();
    TreeSet<String> unused = new TreeSet<>(needed.keySet());
    for (ServiceConfig config : server.config().serviceConfigs()) {
      Route route = config.route();
      boolean isOpen = route.isFallback() || config.service().as(OpenService.class) != null;
      for (HttpMethod method : route.methods()) {
        unused.remove(route.patternString());
        unused.remove(method + " " + route.patternString());
        if (!isOpen && find(route, method) == null) {
          boolean takesAll = route.methods().containsAll(HttpMethod.knownMethods());
          missing.add((takesAll ? "" : method + " ") + route.patternString());
        }
      }
    }
    if (!missing.isEmpty() || !unused.isEmpty()) {
      throw new IllegalStateException(
          "endpoints without a role: %s; roles without an endpoint: %s (expected: none)"
              .formatted(missing, unused));
    }
  }

  private @Nullable Need find(Route route, HttpMethod method) {
    String path = route.patternString();
    @Nullable Need one = needed.get(method + " " + path);
    return one == null ? needed.get(path) : one;
  }
}
