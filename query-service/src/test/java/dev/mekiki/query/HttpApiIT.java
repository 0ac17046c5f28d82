package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The HTTP API on a broker, with neither encoder nor index: forms of bodies, errors and limits.
class HttpApiIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MAX_IMAGE_BYTES = 5 << 20;
  private static final MediaType PROBLEM = MediaType.parse("application/problem+json");

  @TempDir static Path directory;

  private static EmbeddedBroker broker;
  private static QueryService query;
  private static TestHttp http;
  private static ClientFactory factory;
  private static KafkaConsumer<byte[], byte[]> images;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    QueryConfig config =
        Configuration.of(
            QueryConfig.class,
            Map.ofEntries(
                Map.entry("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()),
                Map.entry("mekiki.topics.partitions", "1"),
                Map.entry("mekiki.images.max-bytes", Integer.toString(MAX_IMAGE_BYTES)),
                Map.entry("mekiki.query.port", "0"),
                Map.entry("mekiki.query.max-streams", "3"),
                Map.entry("mekiki.query.max-body-bytes", "8MiB"),
                Map.entry("mekiki.query.send-timeout", "5s")));
    query = QueryService.start(config);
    factory = ClientFactory.builder().build();
    http =
        new TestHttp(
            WebClient.builder(query.url())
                .factory(factory)
                .responseTimeout(LIMIT)
                .maxResponseLength(0)
                .build());
    images =
        new KafkaConsumer<>(
            new KafkaClients(config.kafka(), config.images()).consumer(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    images.assign(List.of(new TopicPartition("mekiki.images", 0)));
  }

  @AfterAll
  static void stop() {
    images.close();
    factory.close();
    query.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({
    "image/jpeg, image/jpeg",
    "application/x-www-form-urlencoded, image/jpeg",
    "text/plain, image/jpeg",
    "application/json, image/jpeg",
    "application/octet-stream, image/jpeg",
    "image/png, image/png",
    ", image/jpeg",
  })
  void bodyThatIsAnImageIsTakenWhateverItIsCalled(String type, String kept) throws Exception {
    byte[] image = Pictures.jpeg(1, 0.9f);
    String id = "called/" + type;
    var builder = RequestHeaders.builder(HttpMethod.PUT, "/v1/images?id=" + TestHttp.encoded(id));
    if (type != null) {
      builder.add("content-type", type);
    }
    AggregatedHttpResponse response =
        http.execute(HttpRequest.of(builder.build(), HttpData.wrap(image)));
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
    ConsumerRecord<byte[], byte[]> record = awaitRecord(id);
    assertThat(record.value()).isEqualTo(image);
    assertThat(header(record, "content-type")).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST"})
  void formUploadIsTaken(String method) throws Exception {
    byte[] image = Pictures.jpeg(2, 0.9f);
    AggregatedHttpResponse response =
        http.send(
            HttpMethod.valueOf(method),
            "/v1/images/form/" + method + "?metadata.shelf=12&expires=4102444800000",
            MediaType.parse("multipart/form-data; boundary=xyz"),
            form(image, Map.of("muteMatches", "true", "metadata.camera", "box")));
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
    ConsumerRecord<byte[], byte[]> record = awaitRecord("form/" + method);
    assertThat(record.value()).isEqualTo(image);
    assertThat(header(record, "content-type")).isEqualTo("image/jpeg");
    assertThat(header(record, "shelf")).isEqualTo("12");
    assertThat(header(record, "camera")).isEqualTo("box");
    assertThat(header(record, "mekiki-mute")).isEqualTo("true");
    assertThat(header(record, "mekiki-expires")).isEqualTo("2100-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /v1/nowhere              | 404 | path: '/v1/nowhere' is unknown (expected: one of /v1/batch/images, /v1/batch/search, /v1/centers,
          GET    | /v1                      | 404 | path: '/v1' is unknown
          GET    | /nowhere                 | 404 |
          GET    | /docs/nowhere            | 404 |
          POST   | /                        | 405 |
          GET    | /v1/search               | 405 | method: GET /v1/search (expected: POST)
          DELETE | /v1/status               | 405 | method: DELETE /v1/status (expected: GET)
          PATCH  | /v1/images/x             | 405 | method: PATCH /v1/images/x (expected: GET, PUT, POST, DELETE)
          OPTIONS| /v1/images/x             | 405 | method: OPTIONS /v1/images/x (expected: GET, PUT, POST, DELETE)
          DELETE | /v1/images               | 400 | id: none (expected: the rest of the path
          GET    | /v1/images               | 503 | no generation is active yet
          GET    | /v1/images/              | 400 | id: none
          GET    | /v1/images?idd=x         | 400 | idd: unknown parameter (expected: center, cursor, filter.NAME, id, label
          GET    | /v1/images?since=soon    | 400 | since: 'soon'
          GET    | /v1/images/x?idd=x       | 400 | idd: unknown parameter (expected: none)
          DELETE | /v1/images/x?force=true  | 400 | force: unknown parameter
          GET    | /v1/status?verbose       | 400 | verbose: unknown parameter
          GET    | /v1/matches?from=1       | 400 | from: unknown parameter (expected: after, endAtPresent, fromBeginning, tenant)
          GET    | /v1/matches?fromBeginning=yes | 400 | fromBeginning: 'yes' (expected: true or false)
          GET    | /v1/images/x             | 503 | no generation is active yet
          GET    | /v1/thumbnails/x?id=y    | 400 | id: unknown parameter
          POST   | /mekiki.v1.Mekiki/Search | 415 | content-type: none (expected: application/grpc
          """)
  void everyErrorIsAProblemThatNamesInputLimitAndRemedy(
      String method, String path, int status, String detail) {
    AggregatedHttpResponse response =
        http.execute(HttpRequest.of(HttpMethod.valueOf(method), path));
    assertProblem(response, status, detail == null ? "" : detail);
    if (status == 405 && path.startsWith("/v1")) {
      assertThat(detail).contains(String.valueOf(response.headers().get("allow")));
    }
    if (status == 503) {
      assertThat(response.headers().getInt("retry-after")).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUT  | /v1/images/x          | application/json | {"image":                     | body: no JSON:
          PUT  | /v1/images/x          | application/json | [1]                           | body: not a JSON object
          PUT  | /v1/images/x          | application/json | {"image": "QQ==", "mute": 1}  | mute: unknown field (expected: id, image, metadata, muteMatches, expires, tenant, source)
          PUT  | /v1/images/x          | application/json | {"image": "!!"}               | image: Unrecognized character: !
          PUT  | /v1/images/x          | application/json | {"image": "QQ==", "id": "y"}  | id: 'y' in the JSON (expected: the id of the path
          PUT  | /v1/images/x?mute=1   | application/json | {"image": "QQ=="}             | mute: a parameter beside a JSON body
          PUT  | /v1/images            | application/json | {"image": "QQ=="}             | image id: 0 bytes
          PUT  | /v1/images/x          | text/plain       | hello                         | body: 5 bytes of type 'text/plain' that are no image (expected: an image (JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC)
          PUT  | /v1/images/x          | multipart/form-data | no boundary                | body: not a multipart form
          PUT  | /v1/images/x          | multipart/form-data; boundary=xyz | --xyz--      | form: 0 files (expected: one
          PUT  | /v1/images/x          | image/jpeg       |                               | body: empty
          PUT  | /v1/images/x?mute=1   | image/jpeg       | anything                      | mute: unknown parameter (expected: expires, metadata.NAME, muteMatches, source, tenant)
          PUT  | /v1/images/x?expires=2020-01-01T00:00:00Z | image/jpeg | anything              | expires: 2020-01-01T00:00:00Z is an expiry in the past (expected: a time after that of the image
          PUT  | /v1/images/x?expires=0 | image/jpeg     | anything                      | expires: 1970-01-01T00:00:00Z is an expiry in the past
          PUT  | /v1/images/x?expires=soon | image/jpeg  | anything                      | expires: 'soon' (expected: a time such as 2026-12-31T00:00:00Z, or milliseconds
          PUT  | /v1/images/x          | application/json | {"image": "QQ==", "expires": "2020-01-01T00:00:00Z"} | expires: 2020-01-01T00:00:00Z is an expiry in the past
          PUT  | /v1/images/x          | application/json | {"image": "QQ==", "expires": "soon"} | expires:
          PUT  | /v1/images/x?muteMatches=true&muteMatches=false | image/jpeg | anything  | muteMatches: given twice
          POST | /v1/search            | application/json | {"id": "x", "k": "abc"}       | k: Not an int32 value: "abc"
          POST | /v1/search            | application/json | {"id": "x", "kk": 3}          | kk: unknown field (expected: image, id, code, k, radius, requireComplete, filter, copies, tenant, describe)
          POST | /v1/search            | application/json | {"id": "x", "k": 99999999999} | k: Not an int32 value
          POST | /v1/search            | application/json | {"id": "x" "k": 3}            | body: no JSON: Unterminated object at line 1 column
          POST | /v1/search            | application/json | {"id": "x", "filter": "a"}    | filter: Expect a map object
          POST | /v1/search            | application/x-www-form-urlencoded | {"idd": "x"} | idd: unknown field
          POST | /v1/search?k=abc      | image/jpeg       | anything                      | k: 'abc' (expected: a whole number)
          POST | /v1/search?kk=3       | image/jpeg       | anything                      | kk: unknown parameter (expected: copies, describe, filter.NAME, k, radius, requireComplete, tenant)
          POST | /v1/search?k=3        | application/json | {"id": "x"}                   | k: a parameter beside a JSON body (expected: a field of the JSON)
          POST | /mekiki.v1.Mekiki/Search | application/json | {"id": "x", "kk": 3}       | kk: unknown field
          POST | /mekiki.v1.Mekiki/Search | application/json; charset=utf-8; protocol=gRPC | {"id" | body: no JSON
          """)
  void bodyThatCannotBeUsedIsRefusedWithAReason(
      String method, String path, String type, String body, String detail) {
    AggregatedHttpResponse response =
        http.send(
            HttpMethod.valueOf(method),
            path,
            MediaType.parse(type),
            String.valueOf(body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
    assertProblem(response, 400, detail);
  }

  @Test
  void longTextsFromOutsideAreShortenedInErrors() {
    String body = "{\"id\": \"x\", \"k\": \"%s\"}".formatted("9".repeat(1_000_000));
    AggregatedHttpResponse response =
        http.send(
            HttpMethod.POST, "/v1/search", MediaType.JSON, body.getBytes(StandardCharsets.UTF_8));
    assertProblem(response, 400, "k: 1000000 characters (expected: at most 50)");
    String name = "{\"%s\": 1}".formatted("n".repeat(1_000_000));
    AggregatedHttpResponse unknown =
        http.send(
            HttpMethod.POST, "/v1/search", MediaType.JSON, name.getBytes(StandardCharsets.UTF_8));
    assertProblem(unknown, 400, ": unknown field");
    assertThat(unknown.content().length()).isLessThan(1_000);
  }

  @Test
  void bodyAboveTheLimitIsRefusedWithItsSizeAndTheLimit() {
    byte[] body = new byte[MAX_IMAGE_BYTES / 3 * 4 + (2 << 20)];
    assertProblem(
        http.send(HttpMethod.PUT, "/v1/images/x", MediaType.JPEG, body),
        413,
        "(expected: at most ");
    // Without a length, it is refused as soon as too much has come.
    HttpRequestWriter chunked =
        HttpRequest.streaming(
            RequestHeaders.of(HttpMethod.PUT, "/v1/images/x", "content-type", "image/jpeg"));
    chunked.write(HttpData.wrap(body));
    chunked.close();
    assertProblem(http.execute(chunked), 413, "");

    // An image alone may not be larger than an image.
    byte[] image = new byte[MAX_IMAGE_BYTES + 1];
    assertProblem(
        http.send(HttpMethod.PUT, "/v1/images/x", MediaType.JPEG, image),
        400,
        "image: %d bytes (expected: 1..%d".formatted(image.length, MAX_IMAGE_BYTES));
  }

  @Test
  void bytesOfBodiesAtOnceAreBounded() throws Exception {
    List<HttpRequestWriter> open = new ArrayList<>();
    List<CompletableFuture<AggregatedHttpResponse>> responses = new ArrayList<>();
    try {
      // One that names its length and has not sent a byte of it, and one that counts as it comes.
      HttpRequestWriter declared =
          HttpRequest.streaming(
              RequestHeaders.of(
                  HttpMethod.PUT,
                  "/v1/images/slow",
                  "content-type",
                  "image/jpeg",
                  "content-length",
                  Integer.toString(4 << 20)));
      open.add(declared);
      responses.add(http.client().execute(declared).aggregate());
      HttpRequestWriter chunked =
          HttpRequest.streaming(
              RequestHeaders.of(HttpMethod.POST, "/v1/search", "content-type", "image/jpeg"));
      open.add(chunked);
      responses.add(http.client().execute(chunked).aggregate());
      for (int i = 0; i < 48; i++) {
        chunked.write(HttpData.wrap(new byte[1 << 16]));
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(metric("mekiki_query_body_bytes")).isEqualTo(7 << 20));

      AggregatedHttpResponse refused =
          http.send(HttpMethod.PUT, "/v1/images/x", MediaType.JPEG, new byte[2 << 20]);
      assertProblem(
          refused, 429, "bytes of other requests are being handled (expected: at most 8388608");
      assertThat(refused.headers().getInt("retry-after")).isPositive();
      // The one that counts as it comes is refused in its midst.
      chunked.write(HttpData.wrap(new byte[2 << 20]));
      assertProblem(responses.get(1).join(), 429, "bytes of other requests");
      // What fits is still taken.
      assertThat(http.put("small", Pictures.jpeg(3, 0.5f)).status()).isEqualTo(HttpStatus.OK);
    } finally {
      open.forEach(HttpRequestWriter::abort);
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(metric("mekiki_query_body_bytes")).isZero());
    }
    assertThat(metric("mekiki_query_body_refused_total")).isEqualTo(2);
    assertThat(
            http.send(HttpMethod.PUT, "/v1/images/x", MediaType.JPEG, new byte[4 << 20]).status())
        .isEqualTo(HttpStatus.OK);
  }

  @Test
  void whoAcceptsJsonAloneGetsAPageOfMatches() {
    AggregatedHttpResponse page = list("/v1/matches?limit=10");
    assertThat(page.status()).isEqualTo(HttpStatus.OK);
    assertThat(page.contentType()).isEqualTo(MediaType.JSON_UTF_8);
    assertThat(page.contentUtf8()).contains("\"matches\":[").contains("\"nextCursor\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0          | limit: 0 (expected: 1..1000)",
        "limit=1001       | limit: 1001 (expected: 1..1000)",
        "kind=SAME        | kind: 'SAME' (expected: EXACT, DUPLICATE, NEAR or SHARES_ELEMENT)",
        "cursor=x         | cursor: 'x' (expected: the nextCursor of an earlier answer, or none)",
        "fromBeginning=on | fromBeginning: unknown parameter (expected: after, cursor, kind, label, limit,"
            + " tenant)",
        "after=x          | after: 'x' (expected: the position of an earlier answer",
        "after=1&cursor=1 | after: beside cursor",
      })
  void pageOfMatchesThatCannotBeIsRefused(String parameters, String detail) {
    assertProblem(list("/v1/matches?" + parameters), 400, detail);
  }

  private AggregatedHttpResponse list(String path) {
    return http.client()
        .execute(
            RequestHeaders.of(HttpMethod.GET, path, HttpHeaderNames.ACCEPT, "application/json"))
        .aggregate()
        .join();
  }

  @Test
  void streamsBeyondTheLimitAreRefused() {
    List<HttpResponse> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        HttpResponse stream = http.client().get("/v1/matches");
        streams.add(stream);
        var _ = stream.subscribe();
      }
      await().atMost(LIMIT).until(() -> metric("mekiki_query_match_subscriptions") == 3);
      AggregatedHttpResponse refused = http.get("/v1/matches");
      assertProblem(refused, 429, "matches: 3 streams are open (expected: at most 3");
      assertThat(refused.headers().getInt("retry-after")).isPositive();
    } finally {
      streams.forEach(HttpResponse::abort);
    }
    await().atMost(LIMIT).until(() -> metric("mekiki_query_match_subscriptions") == 0);
    assertThat(
            http.client()
                .get("/v1/matches?fromBeginning=true&endAtPresent=true")
                .aggregate()
                .join()
                .status())
        .isEqualTo(HttpStatus.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, evil.example, ",
    "DELETE, evil.example, ",
    "DELETE, , http://evil.example",
    "PUT, , http://evil.example:8080",
  })
  void requestOfAnotherSitesPageIsRefused(String method, String host, String origin) {
    var headers = RequestHeaders.builder(HttpMethod.valueOf(method), "/v1/images/x");
    if (host != null) {
      headers.authority(host);
    }
    if (origin != null) {
      headers.add("origin", origin);
    }
    AggregatedHttpResponse response = http.execute(HttpRequest.of(headers.build()));
    assertThat(response.status().code()).as(response.contentUtf8()).isIn(403, 421);
    assertThat(response.contentType()).isEqualTo(PROBLEM);
    assertThat(response.contentUtf8()).contains("evil.example", "expected:");
  }

  private static void assertProblem(AggregatedHttpResponse response, int status, String detail) {
    assertThat(response.status().code()).as(response.contentUtf8()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo(PROBLEM);
    assertThat(response.contentUtf8())
        .contains(
            "\"type\":\"about:blank\"",
            "\"status\":%d,".formatted(status),
            "\"title\":",
            "\"detail\":",
            "\"instance\":",
            "\"code\":")
        .contains(detail.replace("\"", "\\\""));
  }

  private static double metric(String name) {
    return http.get("/metrics")
        .contentUtf8()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static byte[] form(byte[] image, Map<String, String> fields) throws Exception {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      form.write(
          "--xyz\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(field.getKey(), field.getValue())
              .getBytes(StandardCharsets.UTF_8));
    }
    form.write(
        "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    form.write(image);
    form.write("\r\n--xyz--\r\n".getBytes(StandardCharsets.UTF_8));
    return form.toByteArray();
  }

  private static ConsumerRecord<byte[], byte[]> awaitRecord(String id) {
    images.seekToBeginning(images.assignment());
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    await()
        .atMost(LIMIT)
        .until(() -> {
          for (ConsumerRecord<byte[], byte[]> record : images.poll(Duration.ofMillis(100))) {
            if (new String(record.key(), StandardCharsets.UTF_8).equals(id)) {
              found.add(record);
            }
          }
          return !found.isEmpty();
        });
    return found.getLast();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
