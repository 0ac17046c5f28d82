package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListImagesResponse;
import dev.mekiki.schemas.v1.ListedImage;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lists of images over eight partitions of two real index instances, against brute force.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ImageListIT {
  private static final long SEED = Long.getLong("mekiki.seed", 42);
  private static final int IMAGES = 500;
  private static final long TIME = 1_700_000_000_000L;

  @TempDir static Path directory;

  private static TestCluster cluster;
  private static final SplittableRandom random = new SplittableRandom(SEED);
  private static final Map<String, Known> images = new LinkedHashMap<>();

  /// What was sent of an image.
  private record Known(int partition, int center, int lane, String tenant, long time) {}

  @BeforeAll
  static void start() throws Exception {
    System.out.println("ImageListIT seed=" + SEED);
    cluster = new TestCluster(directory, Map.of("mekiki.match.flood-limit", "0"));
    for (int i = 0; i < IMAGES; i++) {
      send("list/%d %d&=+.jpg".formatted(random.nextInt(5), i));
    }
    awaitAll();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static void send(String id) throws Exception {
    HashCode code = cluster.centers.center(random.nextInt(cluster.centers.size()));
    int center = cluster.routing.home(code, id).center();
    String tenant = images.size() % 4 == 0 ? "shop" : "";
    long time = TIME + images.size();
    ImageCode.Builder sent =
        cluster.code(id, code).setTenant(tenant).setImageTime(Timestamps.fromMillis(time));
    images.put(
        id,
        new Known(
            cluster.routing.home(code, id).partition(),
            center,
            Integer.parseInt(sent.getMetadataOrThrow("lane")),
            tenant,
            time));
    cluster.sendLater(id, sent);
  }

  private static void awaitAll() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            cluster.grpc.getStatus(GetStatusRequest.getDefaultInstance()).getImages()
                == images.size());
  }

  @Test
  @Order(1)
  void pagesAreTogetherWhatBruteForceLists() {
    assertThat(images.values().stream().map(Known::partition).distinct()).hasSize(8);
    assertThat(ids(request(), 100)).isEqualTo(bruteForce(_ -> true));
    assertThat(ids(request(), 7)).isEqualTo(bruteForce(_ -> true));
    int center = images.values().iterator().next().center();
    assertThat(ids(request().setCenter(center), 3))
        .isEqualTo(bruteForce(i -> i.center() == center));
    assertThat(ids(request().setLabel("class " + center), 1000))
        .isEqualTo(bruteForce(i -> i.center() == center));
    assertThat(ids(request().setSince(Timestamps.fromMillis(TIME + 400)), 50))
        .isEqualTo(bruteForce(i -> i.time() >= TIME + 400));
    assertThat(ids(request().setTenant("shop"), 50))
        .isEqualTo(bruteForce(i -> i.tenant().equals("shop")));
    assertThat(ids(request().setTenant("").putFilter("lane", "1"), 50))
        .isEqualTo(bruteForce(i -> i.tenant().isEmpty() && i.lane() == 1));
    assertThat(ids(request().setTenant("nobody"), 50)).isEmpty();
  }

  @Test
  @Order(2)
  void anImageIsWhatTheIndexKnowsOfIt() throws Exception {
    String id = images.keySet().iterator().next();
    Known known = Objects.requireNonNull(images.get(id));
    ListImagesResponse page = json("/v1/images?limit=1000&filter.lane=" + known.lane());
    ListedImage listed =
        page.getImagesList().stream().filter(i -> i.getId().equals(id)).findFirst().orElseThrow();

    assertThat(page.getGeneration()).isEqualTo(cluster.generation.getId());
    assertThat(page.getNextCursor()).isEmpty();
    assertThat(page.getStandbyList()).isEmpty();
    assertThat(listed.getCenter()).isEqualTo(known.center());
    assertThat(listed.getCenterLabel()).isEqualTo("class " + known.center());
    assertThat(listed.getHomePartition()).isEqualTo(known.partition());
    assertThat(listed.getMetadataMap()).containsEntry("lane", Integer.toString(known.lane()));
    assertThat(Timestamps.toMillis(listed.getImageTime())).isEqualTo(known.time());
    // Its thumbnail is asked for by the very id: there is none, but the image is known.
    AggregatedHttpResponse thumbnail = cluster.http.get(listed.getThumbnail());
    assertThat(thumbnail.status()).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(thumbnail.contentUtf8()).contains(id).doesNotContain("is not indexed");
  }

  @ParameterizedTest
  @Order(3)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          limit=0              | limit: 0 (expected: 1..1000)
          limit=1001           | limit: 1001 (expected: 1..1000)
          center=20            | center: 20 (expected: 0..19
          center=-1            | center: -1 (expected: 0..19
          label=none           | label: 'none' (expected: that of a center
          center=1&label=none  | label: 'none' (expected: that of the center
          cursor=x             | cursor: 'x' (expected: the nextCursor
          cursor=AAAA          | cursor: 'AAAA' (expected: the nextCursor
          cursor=CgFh          | cursor: 'CgFh' is of another generation
          filter.colour=red    | filter: key 'colour'
          since=soon           | since: 'soon'
          after=x              | after: unknown parameter (expected: center, cursor, filter.NAME, id, label, limit
          """)
  void whatCannotBeListedIsRefusedByName(String query, String detail) {
    AggregatedHttpResponse refused = cluster.http.get("/v1/images?" + query);

    assertThat(refused.status()).as(refused.contentUtf8()).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(refused.contentUtf8()).contains(detail);
  }

  @Test
  @Order(4)
  void whatComesWhileListsAreReadNeitherHidesNorRepeatsAnything() {
    List<String> before = bruteForce(_ -> true);
    List<String> found =
        ids(
            request(),
            40,
            page -> {
              if (page % 4 == 0) {
                try {
                  for (int i = 0; i < 10; i++) {
                    send("list/%d new %d".formatted(random.nextInt(5), images.size()));
                  }
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
                awaitAll();
              }
            });

    assertThat(found).doesNotHaveDuplicates().containsAll(before);
    assertThat(found).hasSizeGreaterThan(before.size());
  }

  @Test
  @Order(5)
  void partitionsThatAreAwayAreNamedAndTheOthersListed() {
    IndexInstance away = instance(0);
    TreeSet<Integer> partitions = new TreeSet<>(away.getActivePartitionsList());
    cluster.lines.get(0).cut();

    List<String> found = new ArrayList<>();
    TreeSet<Integer> missing = new TreeSet<>();
    String cursor = "";
    do {
      ListImagesResponse page =
          cluster.grpc.listImages(request().setLimit(60).setCursor(cursor).build());
      page.getImagesList().forEach(image -> found.add(image.getId()));
      missing.addAll(page.getMissingPartitionsList());
      cursor = page.getNextCursor();
    } while (!cursor.isEmpty());

    assertThat(missing).isEqualTo(partitions);
    assertThat(found).isEqualTo(bruteForce(i -> !partitions.contains(i.partition())));
    assertThatThrownBy(() ->
            cluster.grpc.listImages(
                request().setRequireComplete(true).setCursor("").setLimit(1000).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("UNAVAILABLE: partition ")
        .hasMessageContaining("gave no answer");
  }

  private static IndexInstance instance(int number) {
    return cluster.grpc.getStatus(GetStatusRequest.getDefaultInstance()).getInstancesList().stream()
        .filter(one -> one.getAddress().equals(cluster.lines.get(number).address()))
        .findFirst()
        .orElseThrow();
  }

  private static ListImagesRequest.Builder request() {
    return ListImagesRequest.newBuilder();
  }

  private static ListImagesResponse json(String path) throws Exception {
    AggregatedHttpResponse response = cluster.http.get(path);
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
    ListImagesResponse.Builder message = ListImagesResponse.newBuilder();
    JsonFormat.parser().merge(response.contentUtf8(), message);
    return message.build();
  }

  private static List<String> ids(ListImagesRequest.Builder request, int limit) {
    return ids(request, limit, _ -> {});
  }

  private static List<String> ids(
      ListImagesRequest.Builder request, int limit, IntConsumer between) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    int page = 0;
    do {
      ListImagesResponse answer =
          cluster.grpc.listImages(request.setLimit(limit).setCursor(cursor).build());
      assertThat(answer.getImagesCount()).isLessThanOrEqualTo(limit);
      assertThat(answer.getMissingPartitionsList()).isEmpty();
      answer.getImagesList().forEach(image -> ids.add(image.getId()));
      cursor = answer.getNextCursor();
      between.accept(page++);
    } while (!cursor.isEmpty());
    return ids;
  }

  private static List<String> bruteForce(Predicate<Known> wanted) {
    return images.entrySet().stream()
        .filter(image -> wanted.test(image.getValue()))
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, Known> image) -> image.getValue().partition())
                .thenComparing(
                    image -> ByteString.copyFromUtf8(image.getKey()),
                    ByteString.unsignedLexicographicalComparator()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
