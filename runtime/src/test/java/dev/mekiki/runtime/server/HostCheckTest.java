package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpResponse;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real server, asked over a plain socket: what a browser would send for a page of another site.
class HostCheckTest {
  private static final Pattern CONTENT_LENGTH =
      Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:PORT, 200",
    "localhost:PORT, 200",
    "LOCALHOST, 200",
    "localhost., 200",
    "app.localhost:PORT, 200",
    "[::1]:PORT, 200",
    "192.168.1.7:8080, 200",
    "evil.example, 403",
    "evil.example:PORT, 403",
    "localhost.evil.example:PORT, 403",
    "127.0.0.1.evil.example, 403",
    "known.example:PORT, 403"
  })
  void onLoopbackOnlyKnownNamesAreAnswered(String host, int status) throws Exception {
    assertThat(answer(Map.of(), "/hello", "Host: " + host)).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void theRefusalNamesTheHostAndTheRemedy() throws Exception {
    assertThat(answer(Map.of(), "/hello", "Host: evil.example"))
        .contains("application/problem+json")
        .contains("host: 'evil.example' is no name of this service")
        .contains("mekiki.server.allowed-hosts");
  }

  @Test
  void configuredNamesAreAnswered() throws Exception {
    Map<String, String> keys = Map.of("mekiki.server.allowed-hosts", "Known.example,other.example");
    assertThat(answer(keys, "/hello", "Host: known.example:PORT")).startsWith("HTTP/1.1 200");
    assertThat(answer(keys, "/hello", "Host: evil.example")).startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:PORT, 200",
    "http://evil.example, 403",
    "http://127.0.0.1:1, 403",
    "https://evil.example:PORT, 403",
    "null, 403",
    "http://known.example, 403"
  })
  void onlyPagesOfTheServiceItselfMaySendRequests(String origin, int status) throws Exception {
    assertThat(answer(Map.of(), "/hello", "Host: 127.0.0.1:PORT\r\nOrigin: " + origin))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void beyondLoopbackAnyNameIsAnsweredUntilNamesAreConfigured() throws Exception {
    Map<String, String> open =
        Map.of("mekiki.sample.host", "0.0.0.0", "mekiki.server.insecure", "true");
    assertThat(answer(open, "/hello", "Host: index-1:7072")).startsWith("HTTP/1.1 200");
    assertThat(answer(open, "/hello", "Host: index-1:7072\r\nOrigin: http://evil.example"))
        .startsWith("HTTP/1.1 403");
    Map<String, String> named = new HashMap<>(open);
    named.put("mekiki.server.allowed-hosts", "index-1");
    assertThat(answer(named, "/hello", "Host: index-1:7072")).startsWith("HTTP/1.1 200");
    assertThat(answer(named, "/hello", "Host: evil.example")).startsWith("HTTP/1.1 403");
  }

  @Test
  void healthIsAnsweredUnderAnyName() throws Exception {
    assertThat(answer(Map.of(), "/livez", "Host: pod.example")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aServiceWithATokenNeedsNoCheck() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef");
    Map<String, String> keys = Map.of("mekiki.server.token-file", token.toString());
    assertThat(
            answer(
                keys,
                "/hello",
                "Host: any.example\r\nOrigin: http://evil.example\r\nAuthorization: Bearer"
                    + " 0123456789abcdef"))
        .startsWith("HTTP/1.1 200");
    assertThat(answer(keys, "/hello", "Host: any.example")).startsWith("HTTP/1.1 401");
  }

  private static String answer(Map<String, String> keys, String path, String headers)
      throws IOException {
    try (ServiceServer server =
        ServiceServer.start(
            TestAccess.of(keys),
            ServiceMetrics.registry("sample"),
            () -> true,
            Permissions.builder().needs(Role.READ, "/hello").build(),
            builder -> builder.service("/hello", (context, request) -> HttpResponse.of("hello")))) {
      String port = server.address().substring(server.address().lastIndexOf(':') + 1);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
        socket.setSoTimeout(Math.toIntExact(TimeUnit.SECONDS.toMillis(30)));
        String request =
            "GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
                .formatted(path, headers.replace("PORT", port));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return response(socket.getInputStream());
      }
    }
  }

  /// Head and body. Not all until the end of the stream: the server keeps a connection open for
  /// seconds.
  private static String response(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("after: " + head);
      }
      head.append((char) next);
    }
    Matcher length = CONTENT_LENGTH.matcher(head);
    int bodyBytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return head + new String(in.readNBytes(bodyBytes), StandardCharsets.UTF_8);
  }
}
