package dev.mekiki.encoder.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import dev.mekiki.encoder.reference.ReferenceException.Kind;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fetches from real servers on loopback, which is listed where it is to be reached.
@Timeout(60)
class HttpReferencesTest {
  private static final byte[] BYTES = "no image, but bytes".getBytes(UTF_8);
  private static final String[] LISTED = {
    "allowed", "http://,https://", "private-networks", "127.0.0.0/8"
  };

  @TempDir private Path directory;

  private static String[] listed(String... more) {
    String[] keys = Arrays.copyOf(LISTED, LISTED.length + more.length);
    System.arraycopy(more, 0, keys, LISTED.length, more.length);
    return keys;
  }

  @Test
  void whatIsAllowedIsFetched() throws Exception {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES));
        Fetching fetching = Fetching.with(listed())) {
      List<String> paths =
          List.of(
              "/",
              "/?",
              "/a//",
              "/:a/*",
              "/@a",
              "/a/b%20c//d;e=f/%C3%A4:+&=.jpg?x=%2F..&y=a:b",
              "/a%25b%3F%23%5B%5D%7B%7D%7C%22?a=%25&b=c%20d+e");
      for (String path : paths) {
        assertThat(fetching.fetch(server.uri(path))).isEqualTo(BYTES);
      }
      assertThat(server.requests()).isEqualTo(paths);
      assertThat(fetching.count("http", "FETCHED")).isEqualTo(paths.size());
      assertThat(fetching.bytesHeld()).isZero();
    }
  }

  @Test
  void nothingIsFetchedUnlessItIsAllowed() {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES));
        Fetching none = Fetching.with("private-networks", "127.0.0.0/8");
        Fetching other =
            Fetching.with("private-networks", "127.0.0.0/8", "allowed", server.uri("/a"))) {
      assertThat(none.failure(server.uri("/a?secret")))
          .hasMessageContaining("mekiki.encoder.references.allowed")
          .hasMessageContaining("ce_dataref: '" + server.uri("/a") + "'")
          .hasMessageNotContaining("secret")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.REFUSED);
      for (String path : List.of("/", "/ab", "/a/../b", "/a/%2e%2e/b")) {
        assertThat(other.failure(server.uri(path)).kind()).isEqualTo(Kind.REFUSED);
      }
      assertThat(server.requests()).isEmpty();
      assertThat(none.count("none", "REFUSED")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://0.0.0.0:1/",
        "http://[::]:1/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://224.0.0.1/",
        "http://2130706433:1/",
        "http://0x7f000001:1/",
        "http://0177.0.0.1:1/",
        "http://127.1:1/",
      })
  void addressThatIsNotPublicIsRefused(String uri) {
    try (Fetching fetching = Fetching.with("allowed", "http://")) {
      assertThat(fetching.failure(uri).kind()).isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void nameIsLookedUpOnceAndItsAddressIsCheckedAndUsed() throws Exception {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES))) {
      // Public when it is checked, loopback when it would be looked up again.
      List<String> answers = new ArrayList<>(List.of("127.0.0.1", "192.0.2.1"));
      AtomicInteger lookups = new AtomicInteger();
      Addresses.Lookup changing =
          _ -> {
            lookups.incrementAndGet();
            return new InetAddress[] {InetAddress.ofLiteral(answers.removeFirst())};
          };
      String uri = "http://images.example:" + server.port() + "/a";
      try (Fetching fetching = Fetching.with(changing, listed())) {
        assertThat(fetching.fetch(uri)).isEqualTo(BYTES);
        assertThat(lookups).hasValue(1);
        assertThat(fetching.failure(uri))
            .hasMessageContaining("192.0.2.1")
            .hasMessageContaining("mekiki.encoder.references.private-networks");
        assertThat(lookups).hasValue(2);
      }
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void onlyPermittedOnesOfSeveralAddressesAreUsed() throws Exception {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES));
        Fetching fetching =
            Fetching.with(
                _ ->
                    new InetAddress[] {
                      InetAddress.ofLiteral("169.254.169.254"), InetAddress.ofLiteral("127.0.0.1")
                    },
                listed())) {
      assertThat(fetching.fetch("http://images.example:" + server.port() + "/a")).isEqualTo(BYTES);
    }
  }

  @Test
  void hostThatIsNoNameIsRefused() {
    Addresses.Lookup any = _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
    try (Fetching fetching = Fetching.with(any, listed())) {
      for (String host : List.of("a".repeat(64) + ".example", "a.".repeat(200) + "example")) {
        assertThat(fetching.failure("http://" + host + "/a").kind()).isEqualTo(Kind.REFUSED);
      }
    }
  }

  @Test
  void nameThatLeadsToLoopbackIsRefused() {
    Addresses.Lookup lookup = _ -> new InetAddress[] {InetAddress.getLoopbackAddress()};
    try (Fetching fetching = Fetching.with(lookup, "allowed", "https://images.example")) {
      assertThat(fetching.failure("https://images.example/a"))
          .hasMessageContaining("not public")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void lookUpThatDoesNotEndIsEndedByTheTimeLimit() {
    Addresses.Lookup hanging =
        _ -> {
          while (true) {
            Thread.onSpinWait();
            if (Thread.interrupted()) {
              throw new UnknownHostException("interrupted");
            }
          }
        };
    try (Fetching fetching = Fetching.with(hanging, "allowed", "https://", "timeout", "200ms")) {
      assertThat(fetching.failure("https://images.example/a"))
          .hasMessageContaining("not fetched within 200 ms")
          .hasMessageContaining("mekiki.encoder.references.timeout");
    }
  }

  @Test
  void redirectsAreCheckedAsTheFirstUriWas() {
    try (ImageServer target = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES));
        ImageServer server =
            ImageServer.start(
                exchange -> ImageServer.redirect(exchange, exchange.getRequestURI().getQuery()))) {
      try (Fetching fetching =
          Fetching.with(
              "private-networks",
              server.address(),
              "allowed",
              server.uri("/") + ",http://169.254.169.254," + target.uri("/allowed/"))) {
        // Not among the prefixes.
        assertThat(fetching.failure(server.uri("/?" + target.uri("/a"))))
            .hasMessageContaining("redirected to '" + target.uri("/a"))
            .hasMessageContaining("mekiki.encoder.references.allowed")
            .extracting(ReferenceException::kind)
            .isEqualTo(Kind.REFUSED);
        assertThat(fetching.failure(server.uri("/?" + target.uri("/allowed/../a"))).kind())
            .isEqualTo(Kind.REFUSED);
        // Among the prefixes, but at an address that is not.
        assertThat(fetching.failure(server.uri("/?" + target.uri("/allowed/a"))))
            .hasMessageContaining("not public");
        assertThat(fetching.failure(server.uri("/?http://169.254.169.254/latest")))
            .hasMessageContaining("not public");
        assertThat(fetching.failure(server.uri("/?file:///etc/passwd")).kind())
            .isEqualTo(Kind.REFUSED);
        assertThat(fetching.failure(server.uri("/?s3://bucket/a")).kind()).isEqualTo(Kind.REFUSED);
      }
      assertThat(target.requests()).isEmpty();
    }
  }

  @Test
  void redirectsAreFollowedUpToTheLimit() throws Exception {
    try (ImageServer server =
            ImageServer.start(exchange -> {
              int left = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
              if (left == 0) {
                ImageServer.send(exchange, BYTES);
              } else {
                ImageServer.redirect(exchange, "" + (left - 1));
              }
            });
        Fetching fetching = Fetching.with(listed("redirects", "2"))) {
      assertThat(fetching.fetch(server.uri("/2"))).isEqualTo(BYTES);
      assertThat(fetching.failure(server.uri("/3")))
          .hasMessageContaining("more than 2 times")
          .hasMessageContaining("mekiki.encoder.references.redirects");
    }
  }

  @Test
  void redirectsInACircleEnd() {
    try (ImageServer server =
            ImageServer.start(exchange ->
                ImageServer.redirect(
                    exchange, exchange.getRequestURI().getPath().equals("/a") ? "/b" : "/a"));
        Fetching fetching = Fetching.with(listed("redirects", "20"))) {
      assertThat(fetching.failure(server.uri("/a")))
          .hasMessageContaining("in a circle")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.REFUSED);
      assertThat(server.requests()).containsExactly("/a", "/b");
    }
  }

  @Test
  void bodyThatIsTooLongByItsLengthIsNotRead() {
    try (ImageServer server =
            ImageServer.start(exchange -> ImageServer.drip(exchange, Fetching.MAX_BYTES + 1));
        Fetching fetching = Fetching.with(listed("timeout", "30s"))) {
      assertThat(fetching.failure(server.uri("/a")))
          .hasMessageContaining("%d bytes".formatted(Fetching.MAX_BYTES + 1))
          .hasMessageContaining("mekiki.images.max-bytes")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.TOO_MANY_BYTES);
    }
  }

  @Test
  void bodyOfExactlyTheLimitIsFetched() throws Exception {
    byte[] largest = new byte[Fetching.MAX_BYTES];
    try (ImageServer server =
            ImageServer.start(exchange -> {
              if (exchange.getRequestURI().getPath().equals("/chunked")) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(largest);
              } else {
                ImageServer.send(exchange, largest);
              }
            });
        Fetching fetching = Fetching.with(listed())) {
      assertThat(fetching.fetch(server.uri("/a"))).isEqualTo(largest);
      assertThat(fetching.fetch(server.uri("/chunked"))).isEqualTo(largest);
      assertThat(fetching.bytesHeld()).isZero();
    }
  }

  @Test
  void endlessBodyIsCutOff() {
    AtomicInteger sent = new AtomicInteger();
    try (ImageServer server =
            ImageServer.start(exchange -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] piece = new byte[1000];
              while (true) {
                exchange.getResponseBody().write(piece);
                sent.addAndGet(piece.length);
              }
            });
        Fetching fetching = Fetching.with(listed("timeout", "30s"))) {
      assertThat(fetching.failure(server.uri("/a")))
          .hasMessageContaining("more than %d bytes".formatted(Fetching.MAX_BYTES))
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.TOO_MANY_BYTES);
      assertThat(fetching.bytesHeld()).isZero();
    }
    // Beyond the limit no more than what lies in buffers on the way.
    assertThat(sent.get()).isLessThan(32 << 20);
  }

  @Test
  void slowBodyIsEndedByTheTimeLimit() {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.drip(exchange, 60_000));
        Fetching fetching = Fetching.with(listed("timeout", "500ms"))) {
      long start = System.nanoTime();
      assertThat(fetching.failure(server.uri("/a")))
          .hasMessageContaining("not fetched within 500 ms")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(450), Duration.ofSeconds(10));
      assertThat(fetching.bytesHeld()).isZero();
    }
  }

  @Test
  void redirectsAreInTheTimeLimit() {
    try (ImageServer server =
            ImageServer.start(exchange -> {
              Thread.sleep(100);
              ImageServer.redirect(exchange, exchange.getRequestURI().getPath() + "a");
            });
        Fetching fetching = Fetching.with(listed("timeout", "500ms", "redirects", "20"))) {
      assertThat(fetching.failure(server.uri("/")))
          .hasMessageContaining("not fetched within 500 ms");
      assertThat(server.requests()).hasSizeLessThan(10);
    }
  }

  @Test
  void compressedAnswerIsRefused() {
    try (ImageServer server =
            ImageServer.start(exchange -> {
              assertThat(exchange.getRequestHeaders().getFirst("accept-encoding"))
                  .isEqualTo("identity");
              exchange.getResponseHeaders().set("Content-Encoding", "gzip");
              ImageServer.send(exchange, BYTES);
            });
        Fetching fetching = Fetching.with(listed())) {
      assertThat(fetching.failure(server.uri("/a")))
          .hasMessageContaining("content-encoding 'gzip'");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 206, 304, 400, 401, 403, 404, 410})
  void statusThatStaysIsNotTriedAgain(int status) {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.status(exchange, status));
        Fetching fetching = Fetching.with(listed("attempts", "3"))) {
      assertThat(fetching.failure(server.uri("/a")))
          .hasMessageContaining("the server answers " + status)
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void statusThatMayPassIsTriedAgain(int status) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ImageServer server =
            ImageServer.start(exchange -> {
              if (requests.incrementAndGet() % 3 == 0) {
                ImageServer.send(exchange, BYTES);
              } else {
                ImageServer.status(exchange, status);
              }
            });
        Fetching three = Fetching.with(listed("attempts", "3"));
        Fetching two = Fetching.with(listed("attempts", "2"))) {
      assertThat(three.fetch(server.uri("/a"))).isEqualTo(BYTES);
      assertThat(two.failure(server.uri("/a")))
          .hasMessageContaining("2 attempts, the last one: the server answers " + status);
    }
  }

  @Test
  void serverSaysHowLongToWait() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ImageServer server =
            ImageServer.start(exchange -> {
              if (requests.incrementAndGet() == 1) {
                exchange.getResponseHeaders().set("Retry-After", "2");
                ImageServer.status(exchange, 429);
              } else {
                ImageServer.send(exchange, BYTES);
              }
            });
        Fetching fetching = Fetching.with(listed("attempts", "2"))) {
      long start = System.nanoTime();
      assertThat(fetching.fetch(server.uri("/a"))).isEqualTo(BYTES);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void connectionThatFailsIsTriedAgain() {
    ImageServer gone = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES));
    String uri = gone.uri("/a");
    gone.close();
    try (Fetching fetching = Fetching.with(listed("attempts", "2"))) {
      assertThat(fetching.failure(uri))
          .hasMessageContaining("2 attempts")
          .hasMessageContaining("the server does not answer")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void manyImagesShareWhatMemoryThereIs() throws Exception {
    byte[] largest = new byte[Fetching.MAX_BYTES];
    try (ImageServer server =
            ImageServer.start(exchange -> {
              if (exchange.getRequestURI().getPath().endsWith("1")) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(largest);
              } else {
                ImageServer.send(exchange, largest);
              }
            });
        Fetching fetching = Fetching.with(listed("timeout", "30s"))) {
      // Room for four, and for two of one server.
      List<CompletableFuture<Double>> all =
          IntStream.range(0, 50)
              .mapToObj(i -> fetching.references.start(server.uri("/" + i), () -> true))
              .map(started ->
                  started.thenApply(fetched -> {
                    try (fetched) {
                      assertThat(fetched.bytes()).isEqualTo(largest);
                      return fetching.bytesHeld();
                    }
                  }))
              .toList();
      for (CompletableFuture<Double> held : all) {
        assertThat(held.get()).isLessThanOrEqualTo(2.0 * Fetching.MAX_BYTES);
      }
      assertThat(fetching.bytesHeld()).isZero();
    }
  }

  @Test
  void whatIsNotWantedIsNotFetched() {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.send(exchange, BYTES));
        Fetching fetching = Fetching.with(listed())) {
      assertThatThrownBy(() -> fetching.references.fetch(server.uri("/a"), () -> false))
          .isInstanceOf(CancellationException.class);
      assertThat(server.requests()).isEmpty();
      assertThat(fetching.bytesHeld()).isZero();
    }
  }

  @Test
  void closingEndsWhatIsUnderWay() {
    try (ImageServer server = ImageServer.start(exchange -> ImageServer.drip(exchange, 60_000))) {
      Fetching fetching = Fetching.with(listed("timeout", "10m"));
      CompletableFuture<References.Fetched> fetch =
          fetching.references.start(server.uri("/a"), () -> true);
      await().until(() -> !server.requests().isEmpty());
      fetching.close();
      assertThatThrownBy(fetch::join).isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> fetching.references.start(server.uri("/a"), () -> true).join())
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void credentialsGoToTheirPrefixAloneAndAreReadAgain() throws Exception {
    List<String> seen = new ArrayList<>();
    try (ImageServer server =
        ImageServer.start(exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("authorization");
          seen.add(exchange.getRequestURI() + " " + authorization);
          if (exchange.getRequestURI().getPath().equals("/shop/moved")) {
            ImageServer.redirect(exchange, "/public/a");
          } else {
            ImageServer.send(exchange, BYTES);
          }
        })) {
      Path file =
          Files.writeString(
              directory.resolve("credentials"),
              """
              # of the shop
              %1$s/shop/ Bearer first
              %1$s/shop/old/ Basic b2xk
              """
                  .formatted(server.uri("")));
      try (Fetching fetching = Fetching.with(listed("http-credentials-file", file.toString()))) {
        for (String path : List.of("/shop/a", "/shop/old/a", "/public/a", "/shop/moved")) {
          fetching.fetch(server.uri(path));
        }
        Files.writeString(file, server.uri("/shop") + " Bearer second");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        fetching.fetch(server.uri("/shop/a"));
        // What cannot be read leaves what was there.
        Files.writeString(file, "nonsense");
        Files.setLastModifiedTime(file, FileTime.fromMillis(2));
        fetching.fetch(server.uri("/shop/a"));
      }
    }
    assertThat(seen)
        .containsExactly(
            "/shop/a Bearer first",
            "/shop/old/a Basic b2xk",
            "/public/a null",
            "/shop/moved Bearer first",
            "/public/a null",
            "/shop/a Bearer second",
            "/shop/a Bearer second");
  }

  @Test
  void credentialsThatCannotBeReadEndTheStart() throws IOException {
    Path file = Files.writeString(directory.resolve("credentials"), "https://a.example secret\n-");
    assertThatThrownBy(() -> Fetching.with("http-credentials-file", file.toString()).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.encoder.references.http-credentials-file")
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("secret");
  }

  @Test
  void certificateMustBeForTheNameInTheUri() throws Exception {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned("images.example");
    Server server =
        Server.builder()
            .https(0)
            .tls(pair)
            .service("/a", (_, _) -> HttpResponse.of("over TLS"))
            .service("/down", (_, _) -> HttpResponse.ofRedirect("http://images.example/a"))
            .build();
    server.start().join();
    ClientFactory trusting =
        ClientFactory.builder()
            .tlsCustomizer(tls -> tls.trustManager(pair.certificateChain()))
            .build();
    try (Fetching fetching =
            Fetching.with(
                _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")}, trusting, listed());
        Fetching usual =
            Fetching.with(_ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")}, listed())) {
      int port = server.activeLocalPort();
      assertThat(fetching.fetch("https://images.example:" + port + "/a"))
          .asString(UTF_8)
          .isEqualTo("over TLS");
      assertThat(fetching.failure("https://other.example:" + port + "/a"))
          .hasMessageContaining("the server does not answer");
      assertThat(usual.failure("https://images.example:" + port + "/a"))
          .hasMessageContaining("the server does not answer");
      assertThat(fetching.failure("https://images.example:" + port + "/down"))
          .hasMessageContaining("http after https (expected: https)");
    } finally {
      server.stop().join();
    }
  }
}
