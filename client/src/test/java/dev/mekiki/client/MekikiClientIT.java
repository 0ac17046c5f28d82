package dev.mekiki.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.query.Pictures;
import dev.mekiki.query.WholeService;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.ListedImage;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImagesRequest;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchManyRequest;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import dev.mekiki.schemas.v1.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of call, made of services that run.
class MekikiClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path directory;

  private static WholeService service;
  private static MekikiClient client;

  @BeforeAll
  static void start() throws Exception {
    service = new WholeService(directory);
    client = MekikiClient.of(service.address());
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  private static byte[] picture(long seed) throws IOException {
    return Pictures.jpeg(seed, 0.9f);
  }

  private static void awaitImage(String id) {
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(NotFoundException.class)
        .until(() -> client.image(id).getId().equals(id));
  }

  @Test
  void imagesAreSentFoundAndDeleted() throws Exception {
    String id = "one/ä&=+ #?%.jpg";
    SourceCoordinate source = client.put(id, picture(1), Map.of("shelf", "ö 12&x=y"), false);
    assertThat(source.getTopic()).isEqualTo("mekiki.images");
    client.put("one/same", picture(1));
    awaitImage(id);
    awaitImage("one/same");

    Image image = client.image(id);
    assertThat(image.getMetadataMap()).containsEntry("shelf", "ö 12&x=y");
    assertThat(image.getContentType()).isEqualTo("image/jpeg");
    SearchRequest byPicture =
        SearchRequest.newBuilder()
            .setImage(ByteString.copyFrom(picture(1)))
            .setK(2)
            .setRequireComplete(true)
            .build();
    assertThat(client.search(byPicture).getHitsList())
        .extracting(SearchHit::getImageId)
        .containsExactlyInAnyOrder(id, "one/same");
    SearchRequest byId = SearchRequest.newBuilder().setId(id).setK(1).build();
    assertThat(client.search(byId).getHits(0).getImageId()).isEqualTo("one/same");
    var both =
        client.search(
            SearchManyRequest.newBuilder().addSearches(byId).addSearches(byPicture).build());
    assertThat(both.getResults(1).getFound().getHitsCount()).isEqualTo(2);
    assertThat(
            client.compare(CompareRequest.newBuilder().setA(id).setB("one/same").build()).getKind())
        .isEqualTo(MatchKind.EXACT);

    client.delete(id);
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThatThrownBy(() -> client.image(id))
                .isInstanceOfSatisfying(
                    NotFoundException.class,
                    e -> {
                      assertThat(e.problem().code()).isEqualTo("NOT_FOUND");
                      assertThat(e.problem().instance()).isEqualTo("/v1/images");
                      assertThat(e).hasMessageContaining("is not indexed");
                    }));
  }

  @Test
  void whatIsTooLongForAnAddressIsSentAllTheSame() throws Exception {
    String id = "long/" + "ö".repeat(400);
    String value = "é".repeat(2_000);
    client.put(id, picture(2), Map.of("text", value), true);
    awaitImage(id);

    assertThat(client.image(id).getMetadataMap()).containsEntry("text", value);
  }

  @Test
  void listsAreReadPageByPage() throws Exception {
    PutImagesRequest.Builder some = PutImagesRequest.newBuilder();
    for (int i = 0; i < 7; i++) {
      some.addImages(
          PutImageRequest.newBuilder()
              .setId("list/" + i)
              .setTenant("list")
              .setImage(ByteString.copyFrom(picture(20 + i))));
    }
    assertThat(client.put(some.build()).getResultsList()).allMatch(result -> result.hasPut());
    IntStream.range(0, 7).forEach(i -> awaitImage("list/" + i));

    assertThat(client.images(ListImagesRequest.newBuilder().setLimit(2).setTenant("list").build()))
        .extracting(ListedImage::getId)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 7).mapToObj(i -> "list/" + i).toList());
  }

  @Test
  void badRequestsAreRefusedByName() {
    assertThatThrownBy(
            () -> client.search(SearchRequest.newBuilder().setId("none").setK(0).build()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("k: 0 (expected: 1..");
    assertThatThrownBy(() -> client.put("empty", new byte[0]))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> client.put("large", new byte[2 << 20]))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.problem().status()).isIn(400, 413));
    assertThat(client.session().getRolesList()).contains("write");
    assertThat(client.status().getPartitions()).isEqualTo(4);
  }

  @Test
  void decisionsAreMadeAndTakenBack() throws Exception {
    client.put("judged/a", picture(40));
    client.put("judged/b", picture(40));
    awaitImage("judged/a");
    awaitImage("judged/b");
    PolicyClient policy = client.policy();

    Verdict verdict =
        policy.put(
            PutVerdictRequest.newBuilder()
                .setA("judged/a")
                .setB("judged/b")
                .setDecision(Verdict.Decision.DISMISSED)
                .build());
    assertThat(policy.verdicts(10)).extracting(Verdict::getId).contains(verdict.getId());
    policy.delete(
        dev.mekiki.schemas.v1.DeleteVerdictRequest.newBuilder().setId(verdict.getId()).build());
    assertThat(policy.verdicts(10)).extracting(Verdict::getId).doesNotContain(verdict.getId());
    assertThat(policy.mutes()).isEmpty();
    assertThat(policy.tenants()).isEmpty();
    assertThat(policy.quarantine().getComplete()).isTrue();
  }

  @Test
  void streamOfMatchesGoesOnAfterTheServiceWasAway() throws Exception {
    List<String> seen = new ArrayList<>();
    String position;
    try (MatchStream matches = client.matches(StreamMatchesRequest.getDefaultInstance())) {
      pair("before", 50);
      seen.add(nameOf(matches.next()));
      // Nothing may be lost that comes before the stream is there again.
      service.restartQuery();
      pair("after", 51);
      seen.add(nameOf(matches.next()));
      position = matches.position();
    }
    assertThat(seen).containsExactly("before", "after");
    pair("later", 52);
    try (MatchStream matches =
        client.matches(StreamMatchesRequest.getDefaultInstance(), position)) {
      assertThat(nameOf(matches.next())).isEqualTo("later");
    }
    StreamMatchesRequest all =
        StreamMatchesRequest.newBuilder().setFromBeginning(true).setEndAtPresent(true).build();
    List<String> past = new ArrayList<>();
    try (MatchStream matches = client.matches(all)) {
      matches.forEachRemaining(match -> past.add(nameOf(match)));
    }
    assertThat(past).contains("before", "after", "later");
    assertThat(client.page(ListMatchesRequest.newBuilder().setLimit(1).build()).getMatches(0))
        .extracting(MekikiClientIT::nameOf)
        .isEqualTo("later");
  }

  private static void pair(String name, long seed) throws IOException {
    client.put(name + "/1", picture(seed));
    client.put(name + "/2", picture(seed));
  }

  private static String nameOf(Match match) {
    return match.getLater().getId().replaceFirst("/.*", "");
  }

  @Test
  void streamThatIsClosedEnds() throws Exception {
    MatchStream matches = client.matches(StreamMatchesRequest.newBuilder().setTenant("x").build());
    Thread closer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(500);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              matches.close();
            });

    assertThat(matches.hasNext()).isFalse();
    closer.join();
  }

  @Test
  void uploadsAreHeldBackByTheMemoryTheyMayTake() throws Exception {
    Listener listener = new Listener();
    AtomicInteger open = new AtomicInteger();
    AtomicInteger mostOpen = new AtomicInteger();
    byte[] small = picture(60);
    Iterator<Upload> uploads =
        IntStream.range(0, 30)
            .mapToObj(i ->
                new Upload(
                    "upload/" + i,
                    i == 3 ? 1 << 30 : small.length,
                    () -> {
                      if (i == 4) {
                        throw new IOException("unreadable");
                      }
                      mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                      return i == 5 ? new byte[0] : small;
                    },
                    PutImageRequest.newBuilder().setMuteMatches(true).build()))
            .iterator();
    listener.open = open;

    client.uploads().memory(2L * small.length + 3_000).atOnce(8).send(uploads, listener);

    assertThat(listener.sent).hasSize(27);
    assertThat(listener.failed).containsOnlyKeys("upload/3", "upload/4", "upload/5");
    assertThat(listener.failed.get("upload/3")).isInstanceOf(Uploads.TooLargeException.class);
    assertThat(listener.failed.get("upload/4")).isInstanceOf(IOException.class);
    assertThat(listener.failed.get("upload/5")).isInstanceOf(InvalidRequestException.class);
    assertThat(mostOpen.get()).isEqualTo(2);
  }

  private static final class Listener implements UploadListener {
    final Set<String> sent = new ConcurrentSkipListSet<>();
    final Map<String, Throwable> failed = new ConcurrentHashMap<>();
    AtomicInteger open = new AtomicInteger();

    @Override
    public void sent(Upload upload, int bytes, SourceCoordinate source) {
      open.decrementAndGet();
      sent.add(upload.id());
    }

    @Override
    public boolean failed(Upload upload, Throwable failure) {
      if (failure instanceof MekikiException) {
        open.decrementAndGet();
      }
      failed.put(upload.id(), failure);
      return true;
    }
  }
}
