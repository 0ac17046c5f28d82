package dev.mekiki.launcher.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// What a service shows of itself to Prometheus.
final class Metrics {
  private Metrics() {}

  /// Asks over HTTP/1.1: an upgrade to HTTP/2 now and then ends in a closed connection.
  ///
  /// @param address host and port of the service
  static String of(String address) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
