package dev.mekiki.query;

import static dev.mekiki.query.TestHttp.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.schemas.image.Thumbnails;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Search, lookup, status and their forms over HTTP against two real index instances.
class SearchIT {
  private static final long SEED = Long.getLong("mekiki.seed", 42);
  private static final int IMAGES = 400;

  @TempDir static Path directory;

  private static TestCluster cluster;
  private static TestHttp http;
  private static final Map<String, HashCode> images = new LinkedHashMap<>();
  private static final SplittableRandom random = new SplittableRandom(SEED);

  @BeforeAll
  static void start() throws Exception {
    System.out.println("SearchIT seed=" + SEED);
    cluster = new TestCluster(directory);
    http = cluster.http;
    for (int i = 0; i < IMAGES; i++) {
      String id = "set/%d image %d.jpg".formatted(i % 7, i);
      HashCode code = flip(cluster.centers.center(i % cluster.centers.size()), random.nextInt(14));
      images.put(id, code);
      cluster.send(id, code);
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> status().getImages() == IMAGES);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Test
  void nearestAreThoseOfBruteForce() {
    for (int i = 0; i < 30; i++) {
      HashCode code = flip(cluster.centers.center(i % cluster.centers.size()), random.nextInt(20));
      int k = random.nextInt(1, 60);
      SearchResponse response =
          cluster.grpc.search(SearchRequest.newBuilder().setCode(code.toHex()).setK(k).build());
      assertThat(response.getComplete()).isTrue();
      assertThat(response.getMissingPartitionsList()).isEmpty();
      assertThat(found(response)).isEqualTo(bruteForce(code, TestCluster.BITS, k));
      assertThat(response.getCode()).isEqualTo(code.toHex());
      assertThat(response.getGeneration()).isEqualTo(cluster.generation.getId());
    }
  }

  @Test
  void radiusSearchGivesAllWithin() {
    for (int i = 0; i < 20; i++) {
      HashCode code = flip(cluster.centers.center(i % cluster.centers.size()), random.nextInt(10));
      int radius = random.nextInt(30);
      SearchResponse response =
          cluster.grpc.search(
              SearchRequest.newBuilder().setCode(code.toHex()).setRadius(radius).build());
      assertThat(found(response)).isEqualTo(bruteForce(code, radius, Integer.MAX_VALUE));
      assertThat(response.getTruncated()).isFalse();
    }
  }

  @Test
  void filterLeavesOnlyImagesWithThatMetadata() {
    List<String> ids = List.copyOf(images.keySet());
    for (int i = 0; i < 20; i++) {
      HashCode code = flip(cluster.centers.center(i % cluster.centers.size()), random.nextInt(20));
      int lane = i % TestCluster.LANES;
      int k = random.nextInt(1, 60);
      SearchResponse response =
          cluster.grpc.search(
              SearchRequest.newBuilder()
                  .setCode(code.toHex())
                  .setK(k)
                  .putFilter("lane", Integer.toString(lane))
                  .putFilter("origin", "test")
                  .build());
      assertThat(response.getComplete()).isTrue();
      assertThat(found(response))
          .isEqualTo(
              bruteForce(code, TestCluster.BITS, Integer.MAX_VALUE).stream()
                  .filter(hit -> ids.indexOf(hit.split(" @", -1)[0]) % TestCluster.LANES == lane)
                  .limit(k)
                  .toList());
    }
    String body =
        "{\"code\": \"%s\", \"filter\": {\"lane\": \"%s\"}}"
            .formatted(cluster.centers.center(0).toHex(), "none such");
    assertThat(json(post("/v1/search", MediaType.JSON, body))).contains("\"hits\":[]");
  }

  @Test
  void filterByAKeyThatIsNotFilterableIsRefused() {
    AggregatedHttpResponse response =
        post(
            "/v1/search",
            MediaType.JSON,
            "{\"code\": \"0000000000000000\", \"filter\": {\"colour\": \"blue\"}}");
    assertThat(response.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(response.contentUtf8())
        .contains("INVALID_ARGUMENT")
        .contains("filter: key 'colour' (expected: one of lane, origin; add the key to")
        .contains("mekiki.index.filterable-metadata");
  }

  @Test
  void kDefaultsToTen() {
    assertThat(
            cluster
                .grpc
                .search(
                    SearchRequest.newBuilder().setCode(cluster.centers.center(0).toHex()).build())
                .getHitsCount())
        .isEqualTo(10);
  }

  @Test
  void searchByIdLeavesTheImageItselfOut() {
    String id = images.keySet().iterator().next();
    SearchResponse response =
        cluster.grpc.search(SearchRequest.newBuilder().setId(id).setK(20).build());
    assertThat(found(response))
        .isEqualTo(
            bruteForce(image(id), TestCluster.BITS, 21).stream()
                .filter(hit -> !hit.startsWith(id + " @"))
                .limit(20)
                .toList());
  }

  @Test
  void unreachableInstanceMakesTheAnswerPartialUntilItIsBack() {
    Set<Integer> lost =
        new HashSet<>(
            status().getInstancesList().stream()
                .filter(instance -> instance.getAddress().equals(cluster.lines.get(1).address()))
                .findFirst()
                .map(IndexInstance::getActivePartitionsList)
                .orElseThrow());
    assertThat(lost).isNotEmpty();
    HashCode code = cluster.centers.center(0);
    SearchRequest all = SearchRequest.newBuilder().setCode(code.toHex()).setRadius(64).build();
    cluster.lines.get(1).cut();
    try {
      SearchResponse partial = cluster.grpc.search(all);
      assertThat(partial.getComplete()).isFalse();
      assertThat(new HashSet<>(partial.getMissingPartitionsList())).isEqualTo(hosting(lost));
      assertThat(found(partial))
          .isEqualTo(
              bruteForce(code, 64, Integer.MAX_VALUE).stream()
                  .filter(hit ->
                      !lost.contains(cluster.routing.home(image(idOf(hit)), idOf(hit)).partition()))
                  .toList());
      assertThatThrownBy(
              () -> cluster.grpc.search(all.toBuilder().setRequireComplete(true).build()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE")
          .hasMessageContaining("require_complete");
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> new HashSet<>(status().getMissingPartitionsList()).equals(lost));
      assertThat(status().getImages()).isLessThan(IMAGES);
    } finally {
      cluster.lines.get(1).mend();
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> status().getMissingPartitionsCount() == 0);
    SearchResponse whole = cluster.grpc.search(all);
    assertThat(whole.getComplete()).isTrue();
    assertThat(found(whole)).isEqualTo(bruteForce(code, 64, Integer.MAX_VALUE));
  }

  @Test
  void statusTellsTheGenerationAndCounts() {
    Status status = status();
    assertThat(status.getGeneration()).isEqualTo(cluster.generation.getId());
    assertThat(status.getNetwork()).isEqualTo(TestCluster.NETWORK);
    assertThat(status.getBits()).isEqualTo(64);
    assertThat(status.getCenters()).isEqualTo(20);
    assertThat(status.getPartitions()).isEqualTo(8);
    assertThat(status.getImages()).isGreaterThanOrEqualTo(IMAGES);
    // Each image is homed once, and every arrival probes all other partitions.
    assertThat(status.getProbesPerImage()).isEqualTo(7);
    assertThat(status.getFullestOverMean()).isBetween(1.0, 8.0);
    assertThat(status.getVersion()).isNotBlank().doesNotContain("$");
    assertThat(json(http.get("/v1/status"))).contains("\"partitions\":8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                        | query: none (expected: one of image, id and code)
          {"code": "ff"}                            | code: 'ff', 2 characters (expected: 16 hexadecimal digits
          {"code": "zzzzzzzzzzzzzzzz"}              | code: 'zzzzzzzzzzzzzzzz', 16 characters (expected: 16 hexadecimal
          {"code": "0000000000000000", "k": 0}      | k: 0 (expected: 1..1000
          {"code": "0000000000000000", "k": -3}     | k: -3 (expected: 1..1000
          {"code": "0000000000000000", "k": 1001}   | k: 1001 (expected: 1..1000
          {"code": "0000000000000000", "radius": -1}| radius: -1 (expected: 0..64
          {"code": "0000000000000000", "radius": 65}| radius: 65 (expected: 0..64
          {"id": ""}                                | image id: 0 bytes (expected: 1 to 1024 bytes
          {"image": ""}                             | image: 0 bytes (expected: 1..16777216
          """)
  void badSearchIsRefusedWithInputLimitAndRemedy(String body, String message) {
    AggregatedHttpResponse response = post("/v1/search", MediaType.JSON, body);
    assertThat(response.status()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(response.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
    assertThat(response.contentUtf8())
        .contains("\"title\":\"Bad Request\"", "\"code\":\"INVALID_ARGUMENT\"", "\"status\":400,")
        .contains(message);
  }

  @Test
  void unknownIdIsNotFound() {
    AggregatedHttpResponse response =
        post("/v1/search", MediaType.JSON, "{\"id\": \"no such image\"}");
    assertThat(response.status()).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(response.contentUtf8()).contains("id: 'no such image' is not indexed");
    assertThat(http.get("/v1/images/no%20such%20image").status()).isEqualTo(HttpStatus.NOT_FOUND);
    assertThatThrownBy(
            () -> cluster.grpc.getImage(GetImageRequest.newBuilder().setId("nobody").build()))
        .hasMessageContaining("NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.jpg",
        "with/slashes/and more.jpg",
        "newline\nand \"quotes\" and 'single'",
        "<script>alert(1)</script>",
        "percent%2Fand%25",
        "question?mark&amp=1#hash+plus",
        "日本語/🦊",
        "../up//double/./dots/..",
        "back\\slash;semi:colon"
      })
  void anyIdWorksInTheApi(String id) throws Exception {
    byte[] thumbnail = {(byte) 0xFF, (byte) 0xD8, 1, 2, 3};
    // As encoders of earlier versions wrote it.
    cluster.send(
        id,
        cluster.code(id, cluster.centers.center(1)).setThumbnail(ByteString.copyFrom(thumbnail)));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(http.get("/v1/images?id=" + encoded(id)).status()).isEqualTo(HttpStatus.OK));
    try {
      assertThat(cluster.grpc.getImage(GetImageRequest.newBuilder().setId(id).build()).getId())
          .isEqualTo(id);
      AggregatedHttpResponse byParameter = http.get("/v1/images?id=" + encoded(id));
      assertThat(json(byParameter))
          .contains("\"contentType\":\"image/jpeg\"", "\"thumbnailState\":\"PRESENT\"");
      AggregatedHttpResponse picture = http.get("/v1/thumbnails?id=" + encoded(id));
      assertThat(picture.content().array()).isEqualTo(thumbnail);
      assertThat(picture.contentType()).isEqualTo(MediaType.JPEG);
      assertThat(picture.headers().get("x-content-type-options")).isEqualTo("nosniff");
      if (fitsInPath(id)) {
        assertThat(http.get("/v1/images/" + encoded(id)).status()).isEqualTo(HttpStatus.OK);
        assertThat(http.get("/v1/images/" + encoded(id)).contentUtf8())
            .isEqualTo(json(byParameter));
        assertThat(http.get("/v1/images/" + encoded(id).replace("%2F", "/")).contentUtf8())
            .isEqualTo(json(byParameter));
        assertThat(http.get("/v1/thumbnails/" + encoded(id)).content().array())
            .isEqualTo(thumbnail);
      }
    } finally {
      cluster.remove(id);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> http.get("/v1/images?id=" + encoded(id)).status().equals(HttpStatus.NOT_FOUND));
    }
  }

  @Test
  void thumbnailThatKafkaNoLongerHoldsIsSaidToBeGone() throws Exception {
    ByteString jpeg = ByteString.copyFromUtf8("a JPEG");
    cluster.send(
        "gone",
        cluster.code("gone", cluster.centers.center(1)).setThumbnailAt(Thumbnails.at(0, 7, jpeg)));
    cluster.send("plain", cluster.centers.center(1));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(http.get("/v1/images/plain").contentUtf8())
                .contains("\"thumbnail\":\"\"", "\"thumbnailState\":\"ABSENT\""));
    assertThat(http.get("/v1/images/gone").contentUtf8())
        .contains("\"thumbnail\":\"\"", "\"thumbnailState\":\"GONE\"");
    AggregatedHttpResponse picture = http.get("/v1/thumbnails/gone");
    assertThat(picture.status()).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(picture.contentUtf8()).contains("id: 'gone': its thumbnail is gone (expected: ");
    assertThat(http.get("/v1/thumbnails/plain").contentUtf8()).contains("'plain' has no thumbnail");
    cluster.remove("gone");
    cluster.remove("plain");
    await().atMost(Duration.ofSeconds(60)).until(() -> status().getImages() == IMAGES);
  }

  /// Armeria resolves dot segments, takes a backslash for a slash and refuses control characters in
  /// a path, escaped or not.
  private static boolean fitsInPath(String id) {
    return !id.contains("..") && !id.contains("\\") && !id.contains("\n");
  }

  private static Status status() {
    return cluster.grpc.getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static AggregatedHttpResponse post(String path, MediaType type, String body) {
    return http.send(HttpMethod.POST, path, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(AggregatedHttpResponse response) {
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
    return response.contentUtf8();
  }

  private static String idOf(String hit) {
    return hit.split(" @", -1)[0];
  }

  private static HashCode image(String id) {
    return images.getOrDefault(id, cluster.centers.center(0));
  }

  private static List<String> found(SearchResponse response) {
    List<String> found = new ArrayList<>();
    for (SearchHit hit : response.getHitsList()) {
      found.add(hit.getImageId() + " @" + hit.getCodeDistance());
    }
    return found;
  }

  /// Ids of ASCII alone, so that their order is String's.
  private static List<String> bruteForce(HashCode code, int radius, int k) {
    return images.entrySet().stream()
        .filter(image -> image.getValue().distance(code) <= radius)
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, HashCode> image) -> image.getValue().distance(code))
                .thenComparing(Map.Entry::getKey))
        .limit(k)
        .map(image -> image.getKey() + " @" + image.getValue().distance(code))
        .toList();
  }

  private static Set<Integer> hosting(Set<Integer> partitions) {
    Set<Integer> hosting = new HashSet<>(partitions);
    hosting.retainAll(
        cluster.routing.partitionsOfCenters().stream().flatMap(List::stream).toList());
    return hosting;
  }

  private static HashCode flip(HashCode code, int flips) {
    byte[] bytes = code.toBytes();
    for (int flip = 0; flip < flips; flip++) {
      int bit = random.nextInt(64);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return HashCode.fromBytes(bytes);
  }
}
