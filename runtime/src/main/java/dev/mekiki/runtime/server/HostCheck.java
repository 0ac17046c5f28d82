package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses what a web page from elsewhere makes a browser send to a service that needs no token: a
/// browser on this machine, or in this network, can reach what the page's author cannot.
///
/// - `Host`: a page may give its own name the address of this service (DNS rebinding). A browser
///   then takes both for one site, and the page may read and delete. So the name must be known.
///   Addresses need no check: nobody can rebind them.
/// - `Origin`: a page may send forms and images to any address. Browsers name the page's site then;
///   it must be this service itself, known, or one of {@link CrossOrigins}.
///
/// An {@link OpenService} answers all: it gives away nothing. Stateless, thread-safe.
final class HostCheck implements DecoratingHttpServiceFunction {
  private final Set<String> known;
  private final Set<String> sites;
  private final boolean checksHost;
  private final CrossOrigins crossOrigins;

  /// @param known names, in lower case, beside `localhost` and those below it
  /// @param sites names of sites, in lower case, whose pages may send requests, at any port
  /// @param checksHost false where the names of this service are not known: it listens beyond
  ///   loopback and none are configured
  /// @param crossOrigins other pages that may send requests
  private HostCheck(
      Set<String> known, Set<String> sites, boolean checksHost, CrossOrigins crossOrigins) {
    this.known = Set.copyOf(known);
    this.sites = Set.copyOf(sites);
    this.checksHost = checksHost;
    this.crossOrigins = crossOrigins;
  }

  /// The check that a service needs, or null where a token or certificate is asked for: no page has
  /// it.
  static @Nullable HostCheck of(Access access) {
    if (access.isGuarded()) {
      return null;
    }
    Set<String> known = new HashSet<>(access.allowedHosts());
    known.add(access.host().toLowerCase(Locale.ROOT));
    return new HostCheck(
        known,
        access.allowedHosts(),
        access.isLoopback() || !access.allowedHosts().isEmpty(),
        access.crossOrigins());
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    if (context.config().service().as(OpenService.class) != null) {
      return service.serve(context, request);
    }
    @Nullable String authority = request.authority();
    @Nullable String host = authority == null ? null : host("http://" + authority);
    if (checksHost && (host == null || !isKnown(host))) {
      return refuse(
          request, "host: '%s' is no name of this service".formatted(BoundedText.quote(authority)));
    }
    @Nullable String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin != null && !isOwn(origin, authority) && !crossOrigins.allows(origin)) {
      return refuse(
          request, "origin: '%s' is a page of another site".formatted(BoundedText.quote(origin)));
    }
    return service.serve(context, request);
  }

  /// Whether a page comes from this service: by the address it was called by, or by a known name.
  private boolean isOwn(String origin, @Nullable String authority) {
    @Nullable String host = host(origin);
    if (host == null) {
      return false;
    }
    int scheme = origin.indexOf("://");
    return origin.substring(scheme + 3).equalsIgnoreCase(authority) || sites.contains(host);
  }

  private boolean isKnown(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || known.contains(host)
        || isAddress(host);
  }

  /// The host of a URL in lower case, an IPv6 address without brackets; null where there is none.
  private static @Nullable String host(String url) {
    try {
      String host = new URI(url).getHost();
      if (host == null) {
        return null;
      }
      String name = host.toLowerCase(Locale.ROOT);
      if (name.startsWith("[") && name.endsWith("]")) {
        return name.substring(1, name.length() - 1);
      }
      return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isAddress(String host) {
    try {
      InetAddress _ = InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static HttpResponse refuse(HttpRequest request, String reason) {
    return Refusal.of(
        request,
        Status.PERMISSION_DENIED.withDescription(
            reason
                + " (expected: localhost, an IP address, the host that the service listens on, or a"
                + " name in mekiki.server.allowed-hosts)"),
        HttpStatus.FORBIDDEN);
  }
}
