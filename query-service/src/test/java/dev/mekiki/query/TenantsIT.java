package dev.mekiki.query;

import static dev.mekiki.query.TestHttp.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.CenterSizes;
import dev.mekiki.schemas.v1.DeleteImageRequest;
import dev.mekiki.schemas.v1.GetCenterSizesRequest;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.ListedImage;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.Status;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tenants with images of the same codes, over two real index instances: what each one's token
/// shows and changes, beside that of the service; and where tenants are shared.
class TenantsIT {
  private static final long SEED = Long.getLong("mekiki.seed", 42);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> TENANTS = List.of("", "shop", "archive", "shop/eu");
  private static final int OPERATIONS = 600;
  private static final int IDS = 150;
  private static final byte[] THUMBNAIL = {(byte) 0xFF, (byte) 0xD8, 1, 2, 3};

  @TempDir static Path directory;

  private static final ReverseCloser parts = new ReverseCloser();
  private static final ClientFactory factory = parts.add(ClientFactory.builder().build());
  private static final SplittableRandom random = new SplittableRandom(SEED);

  /// What is indexed, by id.
  private static final Map<String, Indexed> indexed = new TreeMap<>();

  private static TestCluster cluster;
  private static QueryService apart;
  private static QueryService shared;
  private static User service;
  private static User shop;
  private static User archive;

  private record Indexed(String tenant, HashCode code) {}

  /// Who calls with a token.
  private record User(TestHttp http, MekikiGrpc.MekikiBlockingStub grpc) {}

  @BeforeAll
  static void start() throws Exception {
    System.out.println("TenantsIT seed=" + SEED);
    cluster = new TestCluster(directory.resolve("cluster"));
    Path tokens =
        new TestTokens().tenant("shop").tenant("archive").write(directory.resolve("tokens.json"));
    Files.writeString(directory.resolve("service"), token("service"));
    Map<String, String> keys = new HashMap<>();
    keys.put("mekiki.kafka.bootstrap-servers", cluster.broker.bootstrapServers());
    keys.put("mekiki.query.port", "0");
    keys.put("mekiki.query.index-addresses", cluster.lines.getFirst().address());
    keys.put("mekiki.server.token-file", directory.resolve("service").toString());
    keys.put("mekiki.server.tokens-file", tokens.toString());
    apart = parts.add(QueryService.start(Configuration.of(QueryConfig.class, keys)));
    keys.put("mekiki.tenants.shared", "on");
    keys.put("mekiki.tenants.header", "house");
    shared = parts.add(QueryService.start(Configuration.of(QueryConfig.class, keys)));
    apart.awaitReady(LIMIT);
    shared.awaitReady(LIMIT);
    service = user(apart, "service");
    shop = user(apart, "shop");
    archive = user(apart, "archive");
    fill();
  }

  @AfterAll
  static void stop() throws Exception {
    parts.close();
    cluster.close();
  }

  /// A random stream of images of all tenants, of their deletions, and of images that pass from one
  /// tenant to another with the same bytes. Metadata that is named as the tenant's header says
  /// whatever it likes.
  private static void fill() throws Exception {
    for (int i = 0; i < OPERATIONS; i++) {
      String id = "image " + random.nextInt(IDS);
      if (random.nextInt(6) == 0) {
        indexed.remove(id);
        cluster.remove(id);
        continue;
      }
      @Nullable Indexed before = indexed.get(id);
      boolean passes = random.nextBoolean();
      HashCode code =
          passes && before != null
              ? before.code()
              : flip(cluster.centers.center(random.nextInt(cluster.centers.size())));
      String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
      ImageCode.Builder image = cluster.code(id, code).setTenant(tenant);
      // The same bytes again, or others.
      image.setSha256(
          ByteString.copyFrom(
              "%-32.32s".formatted(id + " " + code.toHex()).getBytes(StandardCharsets.UTF_8)));
      // Without features no two match, so that the matches are those that a test makes up.
      image.setFingerprintQuality(0);
      image.putMetadata("mekiki-tenant", TENANTS.get(random.nextInt(TENANTS.size())));
      image.putMetadata("tenant", TENANTS.get(random.nextInt(TENANTS.size())));
      image.setImageSource("upload " + i).setThumbnail(ByteString.copyFrom(THUMBNAIL));
      cluster.send(id, image);
      indexed.put(id, new Indexed(tenant, code));
    }
    HashCode code = cluster.centers.center(0);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          for (String tenant : TENANTS) {
            assertThat(found(service, request(code).setRadius(TestCluster.BITS).setTenant(tenant)))
                .isEqualTo(bruteForce(tenant, code, TestCluster.BITS, Integer.MAX_VALUE));
          }
        });
  }

  @Test
  void hitsOfATenantAreThoseOfBruteForceOverItsImages() {
    Map<String, User> bound = Map.of("shop", shop, "archive", archive);
    for (int i = 0; i < 40; i++) {
      HashCode code = flip(cluster.centers.center(i % cluster.centers.size()));
      int radius = random.nextInt(TestCluster.BITS + 1);
      int k = random.nextInt(1, 60);
      SearchRequest.Builder request = request(code).setRadius(radius).setK(k);
      for (Map.Entry<String, User> tenant : bound.entrySet()) {
        List<String> expected = bruteForce(tenant.getKey(), code, radius, k);
        assertThat(found(tenant.getValue(), request)).isEqualTo(expected);
        assertThat(found(tenant.getValue(), request.clone().setTenant(tenant.getKey())))
            .isEqualTo(expected);
      }
      for (String tenant : TENANTS) {
        assertThat(found(service, request.clone().setTenant(tenant)))
            .isEqualTo(bruteForce(tenant, code, radius, k));
      }
      assertThat(found(service, request)).isEqualTo(bruteForce(null, code, radius, k));
      assertThat(found(user(shared, "shop"), request)).isEqualTo(bruteForce(null, code, radius, k));
    }
  }

  @Test
  void listsHaveTheImagesThatACallerSees() {
    assertThat(listed(shop)).isEqualTo(of("shop"));
    assertThat(listed(archive)).isEqualTo(of("archive"));
    assertThat(listed(service)).isEqualTo(indexed.keySet());
    assertThat(listed(user(shared, "shop"))).isEqualTo(indexed.keySet());
    refused(
        () -> shop.grpc().listImages(ListImagesRequest.newBuilder().setTenant("archive").build()),
        "PERMISSION_DENIED",
        "tenant: 'archive' (expected: 'shop', which the token is bound to, or none)");
  }

  private static Set<String> listed(User user) {
    return user
        .grpc()
        .listImages(ListImagesRequest.newBuilder().setLimit(1000).build())
        .getImagesList()
        .stream()
        .map(ListedImage::getId)
        .collect(Collectors.toSet());
  }

  private static Set<String> of(String tenant) {
    return indexed.entrySet().stream()
        .filter(image -> image.getValue().tenant().equals(tenant))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  @Test
  void searchByIdStartsFromOwnImagesAlone() {
    for (Map.Entry<String, Indexed> entry : List.copyOf(indexed.entrySet()).subList(0, 30)) {
      String id = entry.getKey();
      Indexed image = entry.getValue();
      SearchRequest.Builder request = SearchRequest.newBuilder().setId(id).setRadius(40);
      if (image.tenant().equals("shop")) {
        assertThat(found(shop, request))
            .isEqualTo(
                bruteForce("shop", image.code(), 40, Integer.MAX_VALUE).stream()
                    .filter(hit -> !hit.startsWith(id + " @"))
                    .toList());
      } else {
        refused(() -> shop.grpc().search(request.build()), "NOT_FOUND", notIndexed(id));
        // Who sees everybody's may look among one tenant's for what is like another's.
        assertThat(found(service, request.setTenant("shop")))
            .isEqualTo(bruteForce("shop", image.code(), 40, Integer.MAX_VALUE));
      }
    }
  }

  @Test
  void imagesOfOthersAreAsIfTheyDidNotExist() {
    for (Map.Entry<String, Indexed> image : List.copyOf(indexed.entrySet()).subList(0, 40)) {
      String id = image.getKey();
      String tenant = image.getValue().tenant();
      Image known = service.grpc().getImage(GetImageRequest.newBuilder().setId(id).build());
      assertThat(known.getTenant()).isEqualTo(tenant);
      assertThat(known.getImageSource()).startsWith("upload ");
      for (String path : List.of("/v1/images?id=", "/v1/thumbnails?id=")) {
        AggregatedHttpResponse answer = shop.http().get(path + encoded(id));
        if (tenant.equals("shop")) {
          assertThat(answer.status()).isEqualTo(HttpStatus.OK);
          continue;
        }
        AggregatedHttpResponse unknown = shop.http().get(path + encoded("no " + id));
        assertThat(answer.status()).isEqualTo(HttpStatus.NOT_FOUND);
        assertThat(answer.contentUtf8()).isEqualTo(unknown.contentUtf8().replace("no " + id, id));
        assertThat(answer.headers().names()).isEqualTo(unknown.headers().names());
        assertThat(user(shared, "shop").http().get(path + encoded(id)).status())
            .isEqualTo(HttpStatus.OK);
      }
      if (!tenant.equals("shop")) {
        refused(
            () -> shop.grpc().getImage(GetImageRequest.newBuilder().setId(id).build()),
            "NOT_FOUND",
            notIndexed(id));
      }
    }
  }

  @Test
  void imagesOfOthersAreNotCompared() {
    String ours = anyOf("shop");
    String theirs = anyOf("archive");
    for (String pair : List.of("a=%s&b=%s", "b=%s&a=%s")) {
      String path = "/v1/compare?" + pair.formatted(encoded(ours), encoded(theirs));
      AggregatedHttpResponse refusal = shop.http().get(path);
      assertThat(refusal.status()).isEqualTo(HttpStatus.NOT_FOUND);
      assertThat(refusal.contentUtf8()).contains(notIndexed(theirs));
      assertThat(service.http().get(path).status()).isEqualTo(HttpStatus.OK);
    }
    assertThat(shop.http().get("/v1/compare?a=%1$s&b=%1$s".formatted(encoded(ours))).status())
        .isEqualTo(HttpStatus.OK);
  }

  private static String anyOf(String tenant) {
    return indexed.entrySet().stream()
        .filter(image -> image.getValue().tenant().equals(tenant))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mekiki-tenant", "tenant", "colour"})
  void filterCannotNameATenant(String key) {
    refused(
        () ->
            shop.grpc()
                .search(request(cluster.centers.center(0)).putFilter(key, "archive").build()),
        "INVALID_ARGUMENT",
        "filter: key '%s'".formatted(key));
  }

  @Test
  void statusTellsATenantNothingOfOthers() {
    Status ours = shop.grpc().getStatus(GetStatusRequest.getDefaultInstance());
    assertThat(ours.getTenant()).isEqualTo("shop");
    assertThat(ours.getGeneration()).isEqualTo(cluster.generation.getId());
    assertThat(ours.getPartitions()).isEqualTo(TestCluster.PARTITIONS);
    assertThat(ours.getMissingPartitionsList()).isEmpty();
    assertThat(ours.getInstancesList()).isEmpty();
    assertThat(ours.getImages() + ours.getProbesPerImage() + ours.getFullestOverMean()).isZero();
    CenterSizes sizes = shop.grpc().getCenterSizes(GetCenterSizesRequest.getDefaultInstance());
    assertThat(sizes.getTenant()).isEqualTo("shop");
    assertThat(sizes.getImagesList()).isEmpty();
    assertThat(shop.http().get("/metrics").status()).isEqualTo(HttpStatus.FORBIDDEN);

    for (User all : List.of(service, user(shared, "shop"))) {
      Status status = all.grpc().getStatus(GetStatusRequest.getDefaultInstance());
      assertThat(status.hasTenant()).isFalse();
      assertThat(status.getImages()).isGreaterThanOrEqualTo(indexed.size());
      assertThat(status.getInstancesCount()).isEqualTo(2);
    }
  }

  @Test
  void searchDoesNotCountWhatIsReadOfOthers() {
    SearchRequest all = request(cluster.centers.center(0)).setRadius(TestCluster.BITS).build();
    assertThat(shop.grpc().search(all).getStatistics())
        .isEqualTo(
            SearchStatistics.newBuilder()
                .setPartitions(service.grpc().search(all).getStatistics().getPartitions())
                .build());
    assertThat(user(shared, "shop").grpc().search(all).getStatistics().getCodes()).isPositive();
  }

  @Test
  void imageThatATenantSendsIsItsOwn() {
    SourceCoordinate at =
        shop.grpc()
            .putImage(put("shop/a.jpg").setSource("camera 7").putMetadata("shelf", "12").build())
            .getSource();
    assertThat(headers(at))
        .isEqualTo(Map.of("mekiki-tenant", "shop", "mekiki-source", "camera 7", "shelf", "12"));

    AggregatedHttpResponse byPath =
        shop.http()
            .send(
                HttpMethod.PUT,
                "/v1/images/shop/b.jpg?tenant=shop&source=upload",
                MediaType.JPEG,
                THUMBNAIL);
    assertThat(headers(byPath))
        .isEqualTo(
            Map.of(
                "content-type", "image/jpeg",
                "mekiki-tenant", "shop",
                "mekiki-source", "upload"));
    // The other service has another name for the header.
    assertThat(
            headers(user(shared, "archive").grpc().putImage(put("archive/a").build()).getSource()))
        .isEqualTo(Map.of("house", "archive"));
    assertThat(headers(user(shared, "archive").http().delete("/v1/images/archive/a"))).isEmpty();
  }

  @Test
  void serviceSendsImagesInTheNameOfAnyTenant() {
    assertThat(headers(service.grpc().putImage(put("a.jpg").build()).getSource())).isEmpty();
    assertThat(headers(service.grpc().putImage(put("a.jpg").setTenant("").build()).getSource()))
        .isEmpty();
    assertThat(
            headers(
                service
                    .http()
                    .send(
                        HttpMethod.PUT,
                        "/v1/images/a.jpg",
                        MediaType.JSON,
                        "{\"image\": \"/9g=\", \"tenant\": \"shop/eu\", \"source\": \"s\"}"
                            .getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(Map.of("mekiki-tenant", "shop/eu", "mekiki-source", "s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "archive/a.jpg", "shopping/a.jpg", "shop", "../shop/a.jpg"})
  void tenantChangesNoIdOfOthers(String id) {
    String reason =
        "id: '%s' (expected: one that begins with 'shop/', because the token is bound to the tenant 'shop')"
            .formatted(id);
    for (QueryService query : List.of(apart, shared)) {
      User tenant = user(query, "shop");
      refused(() -> tenant.grpc().putImage(put(id).build()), "PERMISSION_DENIED", reason);
      refused(
          () -> tenant.grpc().deleteImage(DeleteImageRequest.newBuilder().setId(id).build()),
          "PERMISSION_DENIED",
          reason);
      for (AggregatedHttpResponse refusal :
          List.of(
              tenant.http().put(id, THUMBNAIL),
              tenant.http().delete("/v1/images?id=" + encoded(id)))) {
        assertThat(refusal.status()).isEqualTo(HttpStatus.FORBIDDEN);
        assertThat(refusal.contentType()).isEqualTo(MediaType.parse("application/problem+json"));
        assertThat(refusal.contentUtf8()).contains("\"code\":\"PERMISSION_DENIED\"", reason);
      }
    }
  }

  @Test
  void tenantSearchesAndSendsNothingInAnothersName() {
    String reason = "tenant: 'archive' (expected: 'shop', which the token is bound to, or none)";
    HashCode code = cluster.centers.center(0);
    refused(
        () -> shop.grpc().search(request(code).setTenant("archive").build()),
        "PERMISSION_DENIED",
        reason);
    refused(
        () -> shop.grpc().putImage(put("shop/a").setTenant("archive").build()),
        "PERMISSION_DENIED",
        reason);
    for (AggregatedHttpResponse refusal :
        List.of(
            shop.http()
                .send(HttpMethod.POST, "/v1/search?tenant=archive", MediaType.JPEG, THUMBNAIL),
            shop.http()
                .send(
                    HttpMethod.PUT,
                    "/v1/images/shop/a?tenant=archive",
                    MediaType.JPEG,
                    THUMBNAIL))) {
      assertThat(refusal.status()).isEqualTo(HttpStatus.FORBIDDEN);
      assertThat(refusal.contentUtf8()).contains(reason);
    }
    // Whose images it sees, it may name.
    assertThat(found(user(shared, "shop"), request(code).setRadius(64).setTenant("archive")))
        .isEqualTo(bruteForce("archive", code, 64, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "10240, 'tenant: 10240 bytes (expected: at most 128)'",
    "129, 'tenant: 129 bytes (expected: at most 128)'",
  })
  void namesAreBounded(int bytes, String reason) {
    String name = "x".repeat(bytes);
    refused(
        () -> service.grpc().putImage(put("a").setTenant(name).build()),
        "INVALID_ARGUMENT",
        reason);
    refused(
        () -> service.grpc().search(request(cluster.centers.center(0)).setTenant(name).build()),
        "INVALID_ARGUMENT",
        reason);
    refused(
        () -> service.grpc().putImage(put("a").setSource(name).build()),
        "INVALID_ARGUMENT",
        reason.replace("tenant", "source"));
  }

  @Test
  void metadataCannotPassForTheTenant() {
    for (QueryService query : List.of(apart, shared)) {
      for (String name : List.of("mekiki-tenant", "Mekiki-Tenant")) {
        refused(
            () ->
                user(query, "shop")
                    .grpc()
                    .putImage(put("shop/a").putMetadata(name, "archive").build()),
            "INVALID_ARGUMENT",
            "metadata name: '%s'".formatted(name));
      }
    }
    refused(
        () ->
            user(shared, "shop")
                .grpc()
                .putImage(put("shop/a").putMetadata("house", "archive").build()),
        "INVALID_ARGUMENT",
        "metadata name: 'house'");
  }

  @Test
  void matchesAreShownToWhoseImagesBothAre() throws Exception {
    match("ours 1", "shop", "shop");
    match("theirs", "archive", "archive");
    match("ours and theirs", "shop", "archive");
    match("theirs and ours", "archive", "shop");
    match("ours and nobody's", "shop", "");
    match("nobody's", "", "");
    match("of a tenant with a longer name", "shop/eu", "shop/eu");
    List<String> live = follow(shop);
    await().atMost(LIMIT).until(() -> live.contains("ours 1"));
    match("theirs 2", "archive", "archive");
    match("ours 2", "shop", "shop");
    await().atMost(LIMIT).until(() -> live.contains("ours 2"));

    assertThat(live).containsExactlyInAnyOrder("ours 1", "ours 2");
    assertThat(events(shop)).containsExactlyInAnyOrder("ours 1", "ours 2");
    assertThat(events(archive)).containsExactlyInAnyOrder("theirs", "theirs 2");
    assertThat(events(service)).hasSize(9);
    assertThat(events(user(shared, "shop"))).hasSize(9);
    assertThat(listed(shop, null)).containsExactlyInAnyOrder("ours 1", "ours 2");
    assertThat(listed(service, "archive")).containsExactlyInAnyOrder("theirs", "theirs 2");
    assertThat(listed(service, null)).hasSize(9);
    assertThatThrownBy(() -> listed(shop, "archive"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("tenant: 'archive' (expected: 'shop'");
    AggregatedHttpResponse sse =
        shop.http().get("/v1/matches?fromBeginning=true&endAtPresent=true");
    assertThat(sse.contentUtf8()).contains("ours 1", "ours 2").doesNotContain("theirs", "nobody");
    // Who sees everybody's may ask for one tenant's.
    AggregatedHttpResponse one =
        service.http().get("/v1/matches?fromBeginning=true&endAtPresent=true&tenant=archive");
    assertThat(one.contentUtf8()).contains("theirs", "theirs 2").doesNotContain("ours", "nobody");
    assertThat(shop.http().get("/v1/matches?fromBeginning=true&tenant=archive").status().code())
        .isEqualTo(403);
    assertThatThrownBy(() ->
            shop.grpc()
                .streamMatches(StreamMatchesRequest.newBuilder().setTenant("archive").build())
                .next())
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("PERMISSION_DENIED");
  }

  private static void match(String eventId, String later, String earlier) throws Exception {
    Match match =
        Match.newBuilder()
            .setEventId(eventId)
            .setLater(MatchedImage.newBuilder().setId("later").setTenant(later))
            .setEarlier(MatchedImage.newBuilder().setId("earlier").setTenant(earlier))
            .build();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            cluster.kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  cluster.topics.matches(),
                  null,
                  JsonFormat.printer().print(match).getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  /// What a stream that does not end sends.
  private static List<String> follow(User user) {
    List<String> events = new CopyOnWriteArrayList<>();
    Iterator<Match> stream =
        user.grpc().streamMatches(StreamMatchesRequest.newBuilder().setFromBeginning(true).build());
    Thread.ofVirtual()
        .start(() -> {
          try {
            stream.forEachRemaining(match -> events.add(match.getEventId()));
          } catch (StatusRuntimeException e) {
            // The service has stopped.
          }
        });
    return events;
  }

  private static List<String> events(User user) {
    List<String> events = new ArrayList<>();
    user.grpc()
        .streamMatches(
            StreamMatchesRequest.newBuilder().setFromBeginning(true).setEndAtPresent(true).build())
        .forEachRemaining(match -> events.add(match.getEventId()));
    return events;
  }

  private static List<String> listed(User user, @Nullable String tenant) {
    ListMatchesRequest.Builder request = ListMatchesRequest.newBuilder();
    if (tenant != null) {
      request.setTenant(tenant);
    }
    return user.grpc().listMatches(request.build()).getMatchesList().stream()
        .map(Match::getEventId)
        .toList();
  }

  private static PutImageRequest.Builder put(String id) {
    return PutImageRequest.newBuilder().setId(id).setImage(ByteString.copyFrom(THUMBNAIL));
  }

  private static Map<String, String> headers(AggregatedHttpResponse sent) {
    assertThat(sent.status()).as(sent.contentUtf8()).isEqualTo(HttpStatus.OK);
    String offset = sent.contentUtf8().replaceFirst("(?s).*\"offset\":\"(\\d+)\".*", "$1");
    String partition = sent.contentUtf8().replaceFirst("(?s).*\"partition\":(\\d+).*", "$1");
    return headers(
        SourceCoordinate.newBuilder()
            .setPartition(Integer.parseInt(partition))
            .setOffset(Long.parseLong(offset))
            .build());
  }

  /// Those of the record that was sent.
  private static Map<String, String> headers(SourceCoordinate at) {
    TopicPartition partition = new TopicPartition(cluster.topics.images(), at.getPartition());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            cluster.kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, at.getOffset());
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      await()
          .atMost(LIMIT)
          .until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            return !records.isEmpty();
          });
      Map<String, String> headers = new LinkedHashMap<>();
      for (Header header : records.getFirst().headers()) {
        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
      return headers;
    }
  }

  private static void refused(ThrowingCallable call, String code, String reason) {
    assertThatThrownBy(call)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith(code + ": ")
        .hasMessageContaining(reason);
  }

  private static String notIndexed(String id) {
    return "id: '%s' is not indexed (expected: the id of an indexed image; one just sent takes a"
            .formatted(id)
        + " moment, one that cannot be read goes to the dead letters)";
  }

  private static SearchRequest.Builder request(HashCode code) {
    return SearchRequest.newBuilder().setCode(code.toHex());
  }

  private static List<String> found(User user, SearchRequest.Builder request) {
    SearchResponse response = user.grpc().search(request.build());
    assertThat(response.getComplete()).isTrue();
    List<String> found = new ArrayList<>();
    for (SearchHit hit : response.getHitsList()) {
      found.add(hit.getImageId() + " @" + hit.getCodeDistance());
    }
    return found;
  }

  /// @param tenant whose images; null for everybody's
  private static List<String> bruteForce(
      @Nullable String tenant, HashCode code, int radius, int k) {
    return indexed.entrySet().stream()
        .filter(image -> tenant == null || image.getValue().tenant().equals(tenant))
        .filter(image -> image.getValue().code().distance(code) <= radius)
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, Indexed> image) -> image.getValue().code().distance(code))
                .thenComparing(Map.Entry::getKey))
        .limit(k)
        .map(image -> image.getKey() + " @" + image.getValue().code().distance(code))
        .toList();
  }

  private static HashCode flip(HashCode code) {
    byte[] bytes = code.toBytes();
    for (int flip = random.nextInt(14); flip > 0; flip--) {
      int bit = random.nextInt(TestCluster.BITS);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return HashCode.fromBytes(bytes);
  }

  private static String token(String name) {
    return TestTokens.token(name);
  }

  private static User user(QueryService query, String name) {
    Path file = directory.resolve("token-" + name);
    try {
      Files.writeString(file, token(name));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new User(
        new TestHttp(
            WebClient.builder(query.url())
                .factory(factory)
                .setHeader("authorization", "Bearer " + token(name))
                .build()),
        ClientAccess.ofUser(Optional.of(file), Optional.empty())
            .grpc(query.address())
            .factory(factory)
            .responseTimeoutMillis(0)
            .build(MekikiGrpc.MekikiBlockingStub.class));
  }
}
