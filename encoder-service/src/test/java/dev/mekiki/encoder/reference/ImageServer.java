package dev.mekiki.encoder.reference;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web server on loopback that answers as a test wants.
public final class ImageServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /// How a request is answered.
  @FunctionalInterface
  public interface Answer {
    /// Answers; the exchange is closed after that.
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private ImageServer(HttpServer server) {
    this.server = server;
  }

  /// One that answers everything in one way.
  public static ImageServer start(Answer answer) {
    try {
      ImageServer started =
          new ImageServer(
              HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0));
      started.server.setExecutor(started.threads);
      started.server.createContext("/", exchange -> started.handle(exchange, answer));
      started.server.start();
      return started;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void handle(HttpExchange exchange, Answer answer) throws IOException {
    requests.add(exchange.getRequestURI().toString());
    try (exchange) {
      answer.to(exchange);
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// 200 and these bytes.
  public static void send(HttpExchange exchange, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /// A status without a body.
  public static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  /// A redirect.
  public static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    status(exchange, 302);
  }

  /// Says that there is much, and sends a byte now and then.
  public static void drip(HttpExchange exchange, int bytes)
      throws IOException, InterruptedException {
    exchange.sendResponseHeaders(200, bytes);
    while (true) {
      exchange.getResponseBody().write(1);
      exchange.getResponseBody().flush();
      Thread.sleep(20);
    }
  }

  /// Path and query of each request.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// 127.0.0.1:port.
  public String address() {
    return "127.0.0.1:" + port();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// A URI here.
  ///
  /// @param path with a slash at its beginning
  public String uri(String path) {
    return "http://" + address() + path;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
