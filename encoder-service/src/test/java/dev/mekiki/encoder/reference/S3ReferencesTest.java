package dev.mekiki.encoder.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.mekiki.encoder.reference.ReferenceException.Kind;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Fetches from a small store that checks signatures (Signature Version 4) as S3 does.
@Timeout(60)
class S3ReferencesTest {
  private static final byte[] BYTES = {1, 2, 3};
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request,"
              + " ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

  /// By access key.
  private static final Map<String, String> SECRETS =
      Map.of("first", "secret1", "second", "secret2");

  @TempDir private Path directory;
  private final List<String> hosts = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final ImageServer store = ImageServer.start(this::answer);

  @AfterEach
  void stop() {
    store.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    hosts.add(exchange.getRequestHeaders().getFirst("host"));
    if (path.endsWith("/open")) {
      assertThat(exchange.getRequestHeaders()).doesNotContainKey("authorization");
      ImageServer.send(exchange, BYTES);
    } else if (path.endsWith("/elsewhere")) {
      ImageServer.redirect(exchange, store.uri("/bucket/open"));
    } else if (path.endsWith("/missing")) {
      ImageServer.status(exchange, 404);
    } else if (isSigned(exchange)) {
      ImageServer.send(exchange, BYTES);
    } else {
      ImageServer.status(exchange, 403);
    }
  }

  /// Computes the signature anew, from what has arrived.
  private boolean isSigned(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String authorization = headers.getFirst("authorization");
    Matcher matcher = AUTHORIZATION.matcher(authorization == null ? "" : authorization);
    if (!matcher.matches()) {
      return false;
    }
    keys.add(matcher.group(1));
    StringBuilder signed = new StringBuilder();
    for (String name : matcher.group(4).split(";", -1)) {
      signed.append(name).append(':').append(headers.getFirst(name).strip()).append('\n');
    }
    String request =
        String.join(
            "\n",
            "GET",
            canonicalPath(exchange.getRequestURI()),
            "",
            signed,
            matcher.group(4),
            headers.getFirst("x-amz-content-sha256"));
    String scope = "%s/%s/s3/aws4_request".formatted(matcher.group(2), matcher.group(3));
    String text =
        String.join(
            "\n", "AWS4-HMAC-SHA256", headers.getFirst("x-amz-date"), scope, hex(sha256(request)));
    byte[] key = ("AWS4" + SECRETS.get(matcher.group(1))).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return hex(hmac(key, text)).equals(matcher.group(5));
  }

  /// Every byte encoded that is not unreserved, whatever was sent.
  private static String canonicalPath(URI uri) {
    StringBuilder path = new StringBuilder();
    for (byte octet : uri.getPath().getBytes(UTF_8)) {
      char character = (char) (octet & 0xFF);
      if (character < 0x80
          && (Character.isLetterOrDigit(character) || "-._~/".indexOf(character) >= 0)) {
        path.append(character);
      } else {
        path.append("%%%02X".formatted((int) character));
      }
    }
    return path.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private Path credentials(String id, String secret, String more) throws IOException {
    return Files.writeString(
        directory.resolve("credentials"),
        """
        [default]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        %s
        """
            .formatted(id, secret, more));
  }

  private Fetching fetching(String... more) {
    String[] all = {
      "allowed",
      "s3://bucket/,s3://dotted.bucket",
      "s3-endpoint",
      store.uri("/"),
      "s3-region",
      "eu-central-1"
    };
    String[] keysAndValues = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, keysAndValues, all.length, more.length);
    return Fetching.with(
        _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")}, keysAndValues);
  }

  @Test
  void objectIsFetchedWithASignature() throws Exception {
    Path file = credentials("first", "secret1", "");
    try (Fetching fetching =
        fetching("s3-path-style", "on", "s3-credentials-file", file.toString())) {
      assertThat(fetching.fetch("s3://bucket/a.jpg")).isEqualTo(BYTES);
      // A name with what is encoded in one way or another.
      assertThat(
              fetching.fetch(
                  "s3://bucket/dir/a%20b+c=d:e,f;g@h$i&j!k'l(m)n*o~p%3Fq%23r%25s%C3%A4%5Bt%5D.jpg"))
          .isEqualTo(BYTES);
      assertThat(fetching.count("s3", "FETCHED")).isEqualTo(2);
    }
    assertThat(hosts).containsOnly(store.address());
    assertThat(store.requests()).first().isEqualTo("/bucket/a.jpg");
  }

  @Test
  void bucketIsInTheHostNameUnlessItIsInThePath() throws Exception {
    Path file = credentials("first", "secret1", "");
    String endpoint = "http://store.example:" + store.port();
    try (Fetching fetching =
        fetching("s3-endpoint", endpoint, "s3-credentials-file", file.toString())) {
      assertThat(fetching.fetch("s3://bucket/a.jpg")).isEqualTo(BYTES);
    }
    assertThat(hosts).containsExactly("bucket.store.example:" + store.port());
    assertThat(store.requests()).containsExactly("/a.jpg");
  }

  @Test
  void credentialsAreReadAgainAndMayBeOfASession() throws Exception {
    Path file = credentials("first", "secret1", "");
    try (Fetching fetching =
        fetching("s3-path-style", "on", "s3-credentials-file", file.toString())) {
      assertThat(fetching.fetch("s3://bucket/a")).isEqualTo(BYTES);
      credentials("second", "secret2", "aws_session_token = token");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      assertThat(fetching.fetch("s3://bucket/a")).isEqualTo(BYTES);
      credentials("second", "wrong", "");
      Files.setLastModifiedTime(file, FileTime.fromMillis(2));
      assertThat(fetching.failure("s3://bucket/a"))
          .hasMessageContaining("the server answers 403")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(keys).containsExactly("first", "second", "second");
  }

  @Test
  void withoutCredentialsNothingIsSigned() throws Exception {
    try (Fetching fetching = fetching("s3-path-style", "on", "attempts", "3")) {
      assertThat(fetching.fetch("s3://bucket/open")).isEqualTo(BYTES);
      assertThat(fetching.failure("s3://bucket/missing")).hasMessageContaining("404");
    }
    assertThat(store.requests()).containsExactly("/bucket/open", "/bucket/missing");
  }

  @Test
  void redirectIsNotFollowed() {
    try (Fetching fetching = fetching("s3-path-style", "on", "private-networks", "127.0.0.0/8")) {
      assertThat(fetching.failure("s3://bucket/elsewhere"))
          .hasMessageContaining("mekiki.encoder.references.s3-region")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(store.requests()).containsExactly("/bucket/elsewhere");
  }

  @Test
  void otherBucketsAreRefused() {
    try (Fetching fetching = fetching("s3-path-style", "on")) {
      for (String uri : List.of("s3://bucket2/a", "s3://other/a", "s3://bucket%2F/a")) {
        assertThat(fetching.failure(uri).kind()).isEqualTo(Kind.REFUSED);
      }
    }
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void storeOfAmazonMustHaveAPublicAddress() {
    try (Fetching fetching =
        Fetching.with(
            host -> {
              hosts.add(host);
              return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
            },
            "allowed",
            "s3://",
            "s3-region",
            "eu-central-1")) {
      assertThat(fetching.failure("s3://bucket/a")).hasMessageContaining("not public");
      assertThat(fetching.failure("s3://dotted.bucket/a")).hasMessageContaining("not public");
    }
    assertThat(hosts)
        .containsExactly("bucket.s3.eu-central-1.amazonaws.com", "s3.eu-central-1.amazonaws.com");
  }

  @Test
  void fileWithoutCredentialsEndsTheStart() throws IOException {
    Path file = Files.writeString(directory.resolve("credentials"), "[other]\nkey=value\n");
    assertThatThrownBy(() -> fetching("s3-credentials-file", file.toString()).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.encoder.references.s3-credentials-file")
        .hasMessageContaining("aws_access_key_id");
  }
}
