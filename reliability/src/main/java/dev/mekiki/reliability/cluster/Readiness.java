package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks processes whether they can do their work. Thread-safe.
final class Readiness implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();

  boolean isReady(Node node) {
    if (!node.isRunning() || node.isFrozen()) {
      return false;
    }
    return node.role() == Role.BROKER ? listens(node) : answers(node);
  }

  /// A broker opens its port for clients once it has caught up.
  private static boolean listens(Node node) {
    int port = URI.create("http://" + node.address()).getPort();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
          Math.toIntExact(LIMIT.toMillis()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean answers(Node node) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + node.address() + "/readyz"))
            .timeout(LIMIT)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
