package dev.mekiki.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.QueryService;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// A query service, and a client that asks it over HTTP. Thread-safe.
final class QueryClient implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);
  private static final int HTTP_OK = 200;
  private static final int HTTP_NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final QueryService service;
  private final HttpClient client = HttpClient.newHttpClient();

  /// Starts the service and waits until it is ready.
  QueryClient(QueryConfig config) throws InterruptedException {
    service = QueryService.start(config);
    try {
      service.awaitReady(READY_LIMIT);
    } catch (StartException | InterruptedException e) {
      service.close();
      throw e;
    }
  }

  /// Asks for a path; a missing node where there is nothing.
  ///
  /// @throws IllegalStateException for any answer but 200 and 404
  JsonNode get(String path) {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri(path)).build());
    if (response.statusCode() == HTTP_NOT_FOUND) {
      return JSON.missingNode();
    }
    return parsed(path, response);
  }

  /// Sends JSON to a path.
  ///
  /// @throws IllegalStateException for any answer but 200
  JsonNode post(String path, String json) {
    return parsed(
        path,
        send(
            HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build()));
  }

  private URI uri(String path) {
    return URI.create("http://" + service.address() + path);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode parsed(String path, HttpResponse<String> response) {
    if (response.statusCode() != HTTP_OK) {
      throw new IllegalStateException("%s: %s".formatted(path, response.body()));
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    service.close();
  }
}
