package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.GetRematchRequest;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Decisions that are taken back, and what a rematch then reports, with a broker, two index
/// instances and query services that come and go; compared with brute force.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes a minute; run with -Dmekiki.tests.long=true")
class RematchIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int IMAGES = 240;
  private static final int FAMILIES = 12;
  private static final int RADIUS = 31;
  private static final HashCode LOGO = HashCode.of(256, 1, 2, 3, 4);

  @TempDir private static Path directory;

  private final Random random = new Random(5);
  private final Map<String, Sent> sent = new TreeMap<>();
  private final List<Match> events = new ArrayList<>();
  private final List<QueryService> others = new ArrayList<>();
  private TestCluster cluster;
  private PolicyGrpc.PolicyBlockingStub policy;
  private KafkaConsumer<byte[], byte[]> matches;

  /// An image as it was sent.
  private record Sent(String id, String tenant, HashCode fingerprint, String content, long time) {}

  /// A pair of ids, the later image first.
  private record Pair(String later, String earlier) {}

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster(directory.resolve(Long.toString(System.nanoTime())));
    policy = cluster.client(PolicyGrpc.PolicyBlockingStub.class);
    matches =
        new KafkaConsumer<>(
            cluster.kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        matches.partitionsFor(cluster.topics.matches()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    matches.assign(partitions);
    matches.seekToBeginning(partitions);
  }

  @AfterEach
  void stop() throws Exception {
    matches.close();
    others.forEach(QueryService::close);
    cluster.close();
  }

  @Test
  void whatIsTakenBackIsReportedOnceWhoeverWorksOnIt() throws Exception {
    assertThatThrownBy(() -> policy.getRematch(GetRematchRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("no rematch");
    Mute mute =
        policy.createMute(
            CreateMuteRequest.newBuilder()
                .setFingerprint(MutedFingerprint.newBuilder().setFingerprint(LOGO.toHex()))
                .setRadius(20)
                .build());
    policy.putTenant(TenantSettings.newBuilder().setTenant("shop").setFingerprintRadius(6).build());
    Set<String> dismissed = Set.of("content 1", "content 2");
    judge(dismissed, "{\"decision\":\"DISMISSED\"}");
    // For the index instances to read it.
    Thread.sleep(2000);
    send(IMAGES);
    Set<Pair> silent = new HashSet<>(due(pair -> true));
    Set<Pair> atOnce = due(pair -> !isSilent(pair, dismissed));
    silent.removeAll(atOnce);
    assertThat(atOnce).hasSizeGreaterThan(50);
    assertThat(silent).hasSizeGreaterThan(50);
    awaitEvents(atOnce);

    // Nothing was taken back: nothing is new.
    Rematch first = run(StartRematchRequest.getDefaultInstance());
    assertThat(first.getEvents()).isZero();
    assertThat(first.getKnown()).isEqualTo(atOnce.size());
    assertThat(first.getImages()).isEqualTo(IMAGES).isEqualTo(first.getImagesInTotal());
    assertThat(events()).isEqualTo(atOnce);

    var _ = policy.deleteMute(DeleteMuteRequest.newBuilder().setId(mute.getId()).build());
    judge(dismissed, null);
    var _ = policy.putTenant(TenantSettings.newBuilder().setTenant("shop").build());
    // Of one tenant, of some time, and within a radius alone.
    checkParts(atOnce, dismissed);

    // The others: several services work on them, one after the other.
    QueryService second = query();
    Rematch begun = policy.startRematch(StartRematchRequest.newBuilder().setRate(10).build());
    assertThatThrownBy(() -> policy.startRematch(StartRematchRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("ALREADY_EXISTS")
        .hasMessageContaining(begun.getId());
    await().atMost(LIMIT).until(() -> status(second).getImages() > IMAGES / 4);
    cluster.query.close();
    assertThat(status(second).getState()).isEqualTo(State.RUNNING);
    QueryService third = query();
    // As if another one had begun to work while this one has a transaction under way.
    for (int i = 0; i < 3; i++) {
      Thread.sleep(300 + random.nextInt(1000));
      fence();
    }
    long before = status(second).getImages();
    await().atMost(LIMIT).until(() -> status(third).getImages() > before + 20);
    second.close();
    await().atMost(LIMIT).until(() -> status(third).getState() != State.RUNNING);
    Rematch last = status(third);
    assertThat(last.getState()).as(last.getMessage()).isEqualTo(State.DONE);
    assertThat(last.getId()).isEqualTo(begun.getId());
    assertThat(last.getImages()).isEqualTo(IMAGES);
    assertThat(events()).isEqualTo(due(pair -> true));

    PolicyGrpc.PolicyBlockingStub there = client(third);
    Rematch again = there.startRematch(StartRematchRequest.getDefaultInstance());
    await().atMost(LIMIT).until(() -> status(third).getState() == State.DONE);
    assertThat(status(third).getId()).isEqualTo(again.getId());
    assertThat(status(third).getEvents()).isZero();
    assertThat(events()).isEqualTo(due(pair -> true));
  }

  private void checkParts(Set<Pair> atOnce, Set<String> dismissed) throws Exception {
    Set<Pair> expected = new HashSet<>(atOnce);
    var _ = run(StartRematchRequest.newBuilder().setTenant("shop").setFingerprintRadius(9).build());
    expected.addAll(
        due(pair ->
            image(pair.later()).tenant().equals("shop") && (distance(pair) <= 9 || isExact(pair))));
    assertThat(events()).isEqualTo(expected);
    long since = image("image-%03d".formatted(IMAGES * 3 / 4)).time();
    var _ = run(StartRematchRequest.newBuilder().setSince(Timestamps.fromMillis(since)).build());
    expected.addAll(due(pair -> image(pair.later()).time() >= since));
    assertThat(events()).isEqualTo(expected);
    assertThat(expected).hasSizeLessThan(due(pair -> true).size());
    assertThat(dismissed).isNotEmpty();
  }

  @Test
  void jobsAreCancelledAndBadOnesRefused() throws Exception {
    send(40);
    refused("{\"fingerprintRadius\": 32}", "fingerprintRadius: 32 (expected: 0..31");
    refused("{\"fingerprintRadius\": -1}", "fingerprintRadius: -1");
    refused("{\"rate\": 0}", "rate: 0 (expected: 1..10000");
    refused("{\"rate\": 10001}", "rate: 10001");
    refused("{\"since\": \"2999-01-01T00:00:00Z\"}", "since: 2999");
    refused("{\"since\": \"yesterday\"}", "since");
    refused("{\"tenant\": \"%s\"}".formatted("x".repeat(10_000)), "tenant");
    refused("{\"author\": \"%s\"}".formatted("x".repeat(1000)), "author: 1000 bytes");
    refused("{\"speed\": 1}", "speed");
    assertThat(cluster.http.delete("/v1/rematch").status()).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(cluster.http.get("/v1/rematch").status()).isEqualTo(HttpStatus.NOT_FOUND);

    assertThat(post("{\"rate\": 1, \"author\": \"ann\"}").status()).isEqualTo(HttpStatus.OK);
    assertThat(post("{}").status()).isEqualTo(HttpStatus.CONFLICT);
    await().atMost(LIMIT).until(() -> status(cluster.query).getState() == State.RUNNING);
    assertThat(cluster.http.delete("/v1/rematch?author=bob").status()).isEqualTo(HttpStatus.OK);
    await().atMost(LIMIT).until(() -> status(cluster.query).getState() == State.CANCELLED);
    Rematch cancelled = status(cluster.query);
    assertThat(cancelled.getAuthor()).isEqualTo("ann");
    assertThat(cancelled.getCancelledBy()).isEqualTo("bob");
    assertThat(cancelled.getImages()).isLessThan(40);
    assertThatThrownBy(() -> policy.cancelRematch(CancelRematchRequest.getDefaultInstance()))
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(run(StartRematchRequest.getDefaultInstance()).getImages()).isEqualTo(40);
  }

  private AggregatedHttpResponse post(String json) {
    return cluster.http.send(
        HttpMethod.POST, "/v1/rematch", MediaType.JSON, json.getBytes(StandardCharsets.UTF_8));
  }

  private void refused(String json, String message) {
    AggregatedHttpResponse response = post(json);
    assertThat(response.status()).as(json).isEqualTo(HttpStatus.BAD_REQUEST);
    assertThat(response.contentUtf8()).contains(message);
  }

  private Rematch run(StartRematchRequest request) {
    Rematch begun = policy.startRematch(request.toBuilder().setRate(10_000).build());
    await()
        .atMost(LIMIT)
        .until(() -> {
          State state = status(cluster.query).getState();
          return state != State.PREPARING && state != State.RUNNING;
        });
    Rematch ended = status(cluster.query);
    assertThat(ended.getId()).isEqualTo(begun.getId());
    assertThat(ended.getState()).as(ended.getMessage()).isEqualTo(State.DONE);
    return ended;
  }

  private void fence() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            cluster.kafka.transactionalProducer(cluster.topics.rematch()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
    }
  }

  private Rematch status(QueryService service) {
    return client(service).getRematch(GetRematchRequest.getDefaultInstance());
  }

  private PolicyGrpc.PolicyBlockingStub client(QueryService service) {
    return GrpcClients.newClient(
        "gproto+http://" + service.address(), PolicyGrpc.PolicyBlockingStub.class);
  }

  private QueryService query() throws Exception {
    QueryService service =
        QueryService.start(
            Configuration.of(
                QueryConfig.class,
                Map.of(
                    "mekiki.kafka.bootstrap-servers",
                    cluster.broker.bootstrapServers(),
                    "mekiki.query.port",
                    "0",
                    "mekiki.query.index-addresses",
                    cluster.lines.getFirst().address())));
    others.add(service);
    service.awaitReady(Duration.ofSeconds(60));
    return service;
  }

  private void send(int images) throws Exception {
    List<HashCode> families = new ArrayList<>();
    families.add(LOGO);
    while (families.size() < FAMILIES) {
      families.add(
          HashCode.of(
              256, random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
    }
    long start = System.currentTimeMillis() - 1_000_000;
    for (int i = 0; i < images; i++) {
      // Contents 1 and 2 are near each other, whoever sends them.
      int content = i % 10 == 0 ? random.nextInt(3) : 100 + random.nextInt(100);
      HashCode print = flipped(families.get(content % FAMILIES), content % 9);
      if (content < 3) {
        print = flipped(families.get(1), content);
      }
      Sent image =
          new Sent(
              "image-%03d".formatted(i),
              content < 3 || random.nextBoolean() ? "" : random.nextBoolean() ? "shop" : "market",
              print,
              "content " + content,
              start + 1000L * i);
      sent.put(image.id(), image);
      // Homes all over the partitions.
      HashCode code = cluster.centers.center(random.nextInt(cluster.centers.size()));
      ImageCode.Builder encoded =
          cluster
              .code(image.id(), code)
              .setFingerprint(ByteString.copyFrom(print.toBytes()))
              .setSha256(ByteString.copyFrom(TestCluster.sha256(image.content())))
              .setTenant(image.tenant())
              .setImageTime(Timestamps.fromMillis(image.time()));
      cluster.sendLater(image.id(), encoded);
    }
    await()
        .atMost(LIMIT)
        .until(() ->
            cluster.http.get("/v1/images/image-%03d".formatted(images - 1)).status().isSuccess());
  }

  /// The first so many bits of each word changed: of one family prints differ by few.
  private static HashCode flipped(HashCode code, int bits) {
    return HashCode.of(
        256,
        code.word(0) ^ ((1L << bits) - 1),
        code.word(1) ^ ((1L << bits) - 1),
        code.word(2),
        code.word(3));
  }

  /// Pairs of contents of the default tenant.
  private void judge(Set<String> contents, @Nullable String verdict) throws Exception {
    String key =
        String.join(
            "-",
            new TreeSet<>(
                contents.stream()
                    .map(content -> {
                      try {
                        return HexFormat.of().formatHex(TestCluster.sha256(content));
                      } catch (Exception e) {
                        throw new AssertionError(e);
                      }
                    })
                    .toList()));
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            cluster.kafka.producer(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(cluster.topics.verdicts(), key, verdict)).get();
    }
  }

  private boolean isSilent(Pair pair, Set<String> dismissed) {
    Sent a = image(pair.later());
    Sent b = image(pair.earlier());
    return Stream.of(a, b).anyMatch(one -> one.fingerprint().distance(LOGO) <= 20)
        || (a.tenant().equals("shop") && distance(pair) > 6 && !isExact(pair))
        || (a.tenant().isEmpty()
            && new HashSet<>(List.of(a.content(), b.content())).equals(dismissed));
  }

  private Sent image(String id) {
    return Objects.requireNonNull(sent.get(id));
  }

  private int distance(Pair pair) {
    return image(pair.later()).fingerprint().distance(image(pair.earlier()).fingerprint());
  }

  private boolean isExact(Pair pair) {
    return image(pair.later()).content().equals(image(pair.earlier()).content());
  }

  private interface Wanted {
    boolean test(Pair pair);
  }

  /// By brute force.
  private Set<Pair> due(Wanted wanted) {
    Set<Pair> due = new HashSet<>();
    for (Sent later : sent.values()) {
      for (Sent earlier : sent.values()) {
        Pair pair = new Pair(later.id(), earlier.id());
        if (later.time() > earlier.time()
            && later.tenant().equals(earlier.tenant())
            && (isExact(pair) || distance(pair) <= RADIUS)
            && wanted.test(pair)) {
          due.add(pair);
        }
      }
    }
    return due;
  }

  private void awaitEvents(Set<Pair> expected) throws Exception {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(events()).containsAll(expected));
    assertThat(events()).isEqualTo(expected);
  }

  /// All events so far; none twice.
  private Set<Pair> events() throws Exception {
    long quiet = System.nanoTime();
    while (System.nanoTime() - quiet < Duration.ofMillis(700).toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : matches.poll(Duration.ofMillis(100))) {
        quiet = System.nanoTime();
        if (MatchEvents.reportsPair(record.headers())) {
          Match.Builder match = Match.newBuilder();
          JsonFormat.parser().merge(new String(record.value(), StandardCharsets.UTF_8), match);
          events.add(match.build());
        }
      }
    }
    Set<Pair> pairs = new HashSet<>();
    for (Match match : events) {
      assertThat(pairs.add(new Pair(match.getLater().getId(), match.getEarlier().getId())))
          .as("twice: %s", match)
          .isTrue();
    }
    return pairs;
  }
}
