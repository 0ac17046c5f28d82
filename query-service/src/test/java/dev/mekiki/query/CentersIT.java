package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.schemas.v1.CenterSizes;
import dev.mekiki.schemas.v1.GetCenterSizesRequest;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.HashCenter;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ListCentersRequest;
import dev.mekiki.schemas.v1.ListCentersResponse;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Centers, their sizes and what hits say of themselves, over two real index instances.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CentersIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int IMAGES = 200;
  private static final long TIME = 1_700_000_000_000L;

  @TempDir static Path directory;

  private static TestCluster cluster;
  private static final SplittableRandom random = new SplittableRandom(5);

  /// By id, the center of its image.
  private static final Map<String, Integer> images = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster(directory, Map.of("mekiki.match.flood-limit", "0"));
    for (int i = 0; i < IMAGES; i++) {
      // Most images are of one class, whose bucket is split over partitions.
      send("image/%d.jpg".formatted(i), i % 2 == 0 ? 3 : random.nextInt(cluster.centers.size()));
    }
    awaitAll();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static void send(String id, int center) throws Exception {
    HashCode code = cluster.centers.center(center);
    ImageCode.Builder sent =
        cluster
            .code(id, code)
            .setImageTime(Timestamps.fromMillis(TIME + images.size()))
            // Other bytes for another center, or nothing would have changed.
            .setSha256(ByteString.copyFrom(TestCluster.sha256(id + center)));
    images.put(id, center);
    cluster.sendLater(id, sent);
  }

  private static void awaitAll() {
    await().atMost(LIMIT).until(() -> status().getImages() == images.size());
  }

  private static Status status() {
    return cluster.grpc.getStatus(GetStatusRequest.getDefaultInstance());
  }

  @Test
  @Order(1)
  void pagesOfCentersAreThoseOfTheGeneration() throws Exception {
    List<HashCenter> found = new ArrayList<>();
    String cursor = "";
    do {
      ListCentersResponse page =
          cluster.grpc.listCenters(
              ListCentersRequest.newBuilder().setLimit(7).setCursor(cursor).build());
      assertThat(page.getGeneration()).isEqualTo(cluster.generation.getId());
      assertThat(page.getBits()).isEqualTo(64);
      assertThat(page.getPartitions()).isEqualTo(8);
      assertThat(page.getCentersCount()).isLessThanOrEqualTo(7);
      found.addAll(page.getCentersList());
      cursor = page.getNextCursor();
    } while (!cursor.isEmpty());

    assertThat(found).hasSize(cluster.centers.size());
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i))
          .isEqualTo(
              HashCenter.newBuilder()
                  .setCenter(i)
                  .setCode(cluster.centers.center(i).toHex())
                  .setLabel("class " + i)
                  .addAllPartitions(cluster.routing.partitionsOfCenter(i))
                  .build());
    }
    assertThat(found.get(3).getPartitionsCount()).isGreaterThan(1);

    ListCentersResponse.Builder overHttp = ListCentersResponse.newBuilder();
    JsonFormat.parser().merge(cluster.http.get("/v1/centers?limit=1000").contentUtf8(), overHttp);
    assertThat(overHttp.getCentersList()).isEqualTo(found);
    assertThat(overHttp.getNextCursor()).isEmpty();
  }

  @Test
  @Order(2)
  void whoHasAPageGetsItNotAgain() {
    AggregatedHttpResponse first = conditional("/v1/centers?limit=5", "");
    String tag = first.headers().get(HttpHeaderNames.ETAG, "");
    assertThat(first.headers().get(HttpHeaderNames.CACHE_CONTROL)).isEqualTo("private, no-cache");
    AggregatedHttpResponse again = conditional("/v1/centers?limit=5", tag);
    assertThat(again.status()).isEqualTo(HttpStatus.NOT_MODIFIED);
    assertThat(again.content().isEmpty()).isTrue();
    assertThat(conditional("/v1/centers?limit=6", tag).status()).isEqualTo(HttpStatus.OK);
  }

  @Test
  @Order(3)
  void sizesAreThoseThatBruteForceCountsAndFollowChanges() throws Exception {
    assertThat(sizes()).isEqualTo(bruteForce());
    cluster.remove("image/0.jpg");
    images.remove("image/0.jpg");
    // One moves to another center.
    send("image/1.jpg", 7);
    send("image/new.jpg", 11);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(sizes()).isEqualTo(bruteForce()));
  }

  private static List<Long> sizes() {
    CenterSizes sizes = cluster.grpc.getCenterSizes(GetCenterSizesRequest.getDefaultInstance());
    assertThat(sizes.getGeneration()).isEqualTo(cluster.generation.getId());
    assertThat(sizes.getMissingPartitionsList()).isEmpty();
    return sizes.getImagesList();
  }

  private static List<Long> bruteForce() {
    long[] counts = new long[cluster.centers.size()];
    images.values().forEach(center -> counts[center]++);
    return Arrays.stream(counts).boxed().toList();
  }

  @Test
  @Order(4)
  void hitsSayWhatTheyAreWhereThatIsAskedFor() {
    assertThat(status().getFilterableMetadataList()).containsExactly("lane", "origin");
    SearchRequest.Builder search = SearchRequest.newBuilder().setId("image/2.jpg").setK(20);
    for (SearchHit plain : cluster.grpc.search(search.build()).getHitsList()) {
      assertThat(plain.getCenterLabel()).isEmpty();
      assertThat(plain.hasImageTime()).isFalse();
      assertThat(plain.getMetadataMap()).isEmpty();
    }
    List<SearchHit> hits = cluster.grpc.search(search.setDescribe(true).build()).getHitsList();
    assertThat(hits).hasSize(20);
    for (SearchHit hit : hits) {
      assertThat(hit.getCenterLabel()).isEqualTo("class " + images.get(hit.getImageId()));
      assertThat(Timestamps.toMillis(hit.getImageTime())).isBetween(TIME, TIME + 1_000);
      assertThat(hit.getMetadataMap()).containsOnlyKeys("lane", "origin");
    }
    assertThatThrownBy(() -> cluster.grpc.search(search.setK(101).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("describe: with k 101 (expected: k of 1..100");
  }

  @Test
  @Order(5)
  void aMatchNamesTheCentersOfBoth() throws Exception {
    String sha = "the same bytes";
    for (int center : List.of(2, 9)) {
      String id = "pair/%d.jpg".formatted(center);
      ImageCode.Builder code =
          cluster
              .code(id, cluster.centers.center(center))
              .setImageTime(Timestamps.fromMillis(TIME * 2 + center))
              .setSha256(ByteString.copyFrom(TestCluster.sha256(sha)));
      var _ = cluster.send(id, code);
    }
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(matchesOfPair())
                .singleElement()
                .satisfies(match -> {
                  assertThat(match.getCenter()).isEqualTo(9);
                  assertThat(match.getEarlierCenter()).isEqualTo(2);
                }));
  }

  private static List<Match> matchesOfPair() {
    return cluster
        .grpc
        .listMatches(ListMatchesRequest.newBuilder().setLimit(1000).build())
        .getMatchesList()
        .stream()
        .filter(match ->
            match.getLater().getId().startsWith("pair/")
                && match.getEarlier().getId().startsWith("pair/"))
        .toList();
  }

  @ParameterizedTest
  @Order(6)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/centers?limit=0       | limit: 0 (expected: 1..1000)
          /v1/centers?limit=1001    | limit: 1001 (expected: 1..1000)
          /v1/centers?cursor=x      | cursor: 'x' (expected: the nextCursor
          /v1/centers?cursor=CgFh   | cursor: 'CgFh' is of another generation
          /v1/centers?label=a       | label: unknown parameter (expected: cursor, limit)
          /v1/centers/sizes?limit=1 | limit: unknown parameter (expected: none)
          """)
  void whatCannotBeAnsweredIsRefusedByName(String path, String detail) {
    AggregatedHttpResponse refused = cluster.http.get(path);

    assertThat(refused.status()).as(refused.contentUtf8()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(refused.contentUtf8()).contains(detail);
  }

  @Test
  @Order(7)
  void partitionsThatAreAwayAreNamedAndNotCounted() {
    TreeSet<Integer> away = new TreeSet<>();
    status().getInstancesList().stream()
        .filter(one -> one.getAddress().equals(cluster.lines.getFirst().address()))
        .forEach(one -> away.addAll(one.getActivePartitionsList()));
    cluster.lines.getFirst().cut();
    CenterSizes sizes = cluster.grpc.getCenterSizes(GetCenterSizesRequest.getDefaultInstance());
    assertThat(new TreeSet<>(sizes.getMissingPartitionsList())).isEqualTo(away);
    for (int center = 0; center < cluster.centers.size(); center++) {
      if (away.containsAll(cluster.routing.partitionsOfCenter(center))) {
        assertThat(sizes.getImages(center)).isZero();
      }
    }
  }

  private static AggregatedHttpResponse conditional(String path, String tag) {
    RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.GET, path);
    if (!tag.isEmpty()) {
      headers.set(HttpHeaderNames.IF_NONE_MATCH, tag);
    }
    return WebClient.of("http://" + cluster.query.address())
        .execute(HttpRequest.of(headers.build()))
        .aggregate()
        .join();
  }
}
