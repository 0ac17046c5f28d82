package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.client.InvalidRequestException;
import dev.mekiki.client.MatchStream;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.client.NotFoundException;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Photos in, matches and answers out, all through the public API: what a user sees. Each test has
/// pictures of its own.
@TestInstance(Lifecycle.PER_CLASS)
class FullPathIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PHOTOS = 30;

  private InProcess mekiki;
  private MekikiClient api;
  private MatchLog matches;
  private SampleSet photos;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    mekiki = new InProcess(data, Map.of("mekiki.index.filterable-metadata", "shelf"));
    api = mekiki.api();
    matches = new MatchLog(mekiki.bootstrapServers());
    photos = TestPictures.photos(0, PHOTOS);
    for (SamplePicture picture : photos.pictures()) {
      api.put(picture.id(), photos.bytes(picture), Map.of("variant", picture.variant()), false);
    }
    await().atMost(LIMIT).until(() -> api.status().getImages() >= photos.pictures().size());
    matches.readUntilQuiet();
  }

  @AfterAll
  void stop() {
    if (matches != null) {
      matches.close();
    }
    if (mekiki != null) {
      mekiki.close();
    }
  }

  @Test
  void everyPairWithinTheRadiiHasOneEvent() {
    List<String> ids = photos.pictures().stream().map(SamplePicture::id).toList();
    List<Match> own =
        matches.readUntilQuiet().stream()
            .filter(match ->
                ids.contains(match.getLater().getId()) && ids.contains(match.getEarlier().getId()))
            .toList();

    new Oracle(api, ids).assertMatchesAreExactlyThePairs(own);
    assertThat(own.stream().filter(match -> match.getKind() == MatchKind.EXACT))
        .hasSizeGreaterThanOrEqualTo(SampleSet.IDENTICAL_COPIES);
  }

  @Test
  void searchByImageFindsItAndItsIdenticalCopyFirst() throws IOException {
    SamplePicture copy =
        photos.pictures().stream().filter(SamplePicture::isIdenticalCopy).findFirst().orElseThrow();
    SearchResponse response =
        api.search(
            SearchRequest.newBuilder()
                .setImage(ByteString.copyFrom(photos.bytes(copy)))
                .setK(2)
                .setRequireComplete(true)
                .build());

    assertThat(response.getComplete()).isTrue();
    assertThat(response.getHitsList())
        .hasSize(2)
        .allSatisfy(hit -> {
          assertThat(hit.getCodeDistance()).isLessThanOrEqualTo(1);
          assertThat(hit.getFingerprintDistance()).isZero();
        })
        .anySatisfy(hit -> assertThat(hit.getImageId()).isEqualTo(copy.id()));
  }

  @Test
  void aFilterLeavesOnlyImagesWithThatMetadata() throws Exception {
    byte[] image = originals(160, 1).getFirst();
    api.put("shelf-1-0", image, Map.of("shelf", "1"), false);
    api.put("shelf-2-1", image, Map.of("shelf", "2"), false);
    api.put("shelf-2-2", image, Map.of("shelf", "2"), false);
    awaitImage("shelf-2-2");
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setImage(ByteString.copyFrom(image))
            .setRadius(2)
            .setRequireComplete(true);

    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(api.search(request.clone().putFilter("shelf", "2").build()).getHitsList())
                .extracting(SearchHit::getImageId)
                .containsExactly("shelf-2-1", "shelf-2-2"));
    assertThat(api.search(request.clone().putFilter("shelf", "3").build()).getHitsList()).isEmpty();
    assertRefused(request.clone().putFilter("colour", "blue"), "filter: key 'colour'");
  }

  @Test
  void imageCarriesCodeMetadataAndThumbnail() {
    SamplePicture picture = photos.pictures().getFirst();
    Image image = api.image(picture.id());

    assertThat(image.getHashCode()).hasSize(16);
    assertThat(image.getSha256()).hasSize(64);
    assertThat(image.getMetadataMap()).containsEntry("variant", picture.variant());
    assertThat(image.getThumbnail().toByteArray()).startsWith(0xFF, 0xD8);
  }

  @Test
  void otherContentUnderTheSameIdReplacesTheOldRevision() throws Exception {
    List<byte[]> own = originals(100, 2);
    byte[] before = own.get(0);
    byte[] after = own.get(1);
    api.put("replaced", before, Map.of(), false);
    awaitImage("replaced");
    String shaBefore = api.image("replaced").getSha256();

    api.put("replaced", after, Map.of(), false);
    await().atMost(LIMIT).until(() -> !api.image("replaced").getSha256().equals(shaBefore));

    await().atMost(LIMIT).until(() -> !found(before).contains("replaced"));
    assertThat(found(after)).contains("replaced");

    api.put("like-the-old-one", before, Map.of(), false);
    api.put("like-the-new-one", after, Map.of(), false);
    awaitMatch("like-the-new-one", "replaced");
    awaitImage("like-the-old-one");
    matches.readUntilQuiet();
    assertThat(matchesOf("like-the-old-one")).isEmpty();
  }

  @Test
  void theSameBytesAgainMakeNoEvent() throws Exception {
    byte[] image = originals(110, 1).getFirst();
    api.put("repeated", image, Map.of(), false);
    api.put("copy-of-repeated", image, Map.of(), false);
    awaitMatch("repeated", "copy-of-repeated");
    Image before = api.image("repeated");

    api.put("repeated", image, Map.of(), false);
    api.put("after-the-repetition", image, Map.of(), false);
    awaitMatch("after-the-repetition", "repeated");
    matches.readUntilQuiet();

    assertThat(api.image("repeated").getRevision()).isEqualTo(before.getRevision());
    assertThat(
            matchesOf("repeated").stream()
                .filter(match -> partners(match).contains("copy-of-repeated")))
        .hasSize(1);
  }

  @Test
  void aDeletedImageIsGoneAndMatchesNothing() throws Exception {
    byte[] image = originals(120, 1).getFirst();
    api.put("deleted", image, Map.of(), false);
    awaitImage("deleted");
    api.delete("deleted");

    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThatThrownBy(() -> api.image("deleted")).isInstanceOf(NotFoundException.class));
    await().atMost(LIMIT).until(() -> !found(image).contains("deleted"));
    api.put("after-the-deletion", image, Map.of(), false);
    awaitImage("after-the-deletion");
    matches.readUntilQuiet();
    assertThat(matchesOf("after-the-deletion")).isEmpty();
  }

  @Test
  void deletingAnUnknownIdIsNoError() {
    assertThat(api.delete("never-seen").getTopic()).isEqualTo(Topics.withDefaultPrefix().images());
  }

  @Test
  void aMutedImageIsIndexedWithoutEvents() throws Exception {
    byte[] image = originals(130, 1).getFirst();
    api.put("loud", image, Map.of(), false);
    awaitImage("loud");
    api.put("muted", image, Map.of(), true);
    awaitImage("muted");
    matches.readUntilQuiet();

    assertThat(matchesOf("muted")).isEmpty();
    assertThat(found(image)).contains("loud", "muted");
  }

  @Test
  void aBadNewVersionLeavesTheGoodOneInPlace() throws Exception {
    byte[] image = originals(140, 1).getFirst();
    api.put("stays", image, Map.of(), false);
    awaitImage("stays");
    Image before = api.image("stays");

    sendRecord("stays", "no image at all".getBytes(StandardCharsets.UTF_8));
    // The same key: by the time this one is indexed, the bad one has been dealt with.
    sendRecord("stays", image);
    api.put("after-the-bad-one", image, Map.of(), false);
    awaitMatch("after-the-bad-one", "stays");

    assertThat(api.image("stays").getSha256()).isEqualTo(before.getSha256());
    assertThat(found(image)).contains("stays");
  }

  @Test
  void picturesWithoutFeaturesMatchTheSameBytesAlone() throws Exception {
    api.put("red", flat(Color.RED, 1), Map.of(), false);
    api.put("blue", flat(Color.BLUE, 1), Map.of(), false);
    api.put("black", flat(Color.BLACK, 200), Map.of(), false);
    awaitImage("red");
    api.put("red-again", flat(Color.RED, 1), Map.of(), false);
    awaitMatch("red", "red-again");
    awaitImage("blue");
    awaitImage("black");
    matches.readUntilQuiet();

    assertThat(api.image("black").getFeatureless()).isTrue();
    assertThat(api.image(photos.pictures().getFirst().id()).getFeatureless()).isFalse();
    assertThat(matchesOf("red"))
        .singleElement()
        .extracting(Match::getKind)
        .isEqualTo(MatchKind.EXACT);
    assertThat(matchesOf("blue")).isEmpty();
    assertThat(matchesOf("black")).isEmpty();
  }

  private static byte[] flat(Color colour, int side) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, side, side);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  @Test
  void anIdMayHoldAnyCharacters() throws Exception {
    String id = "a \"quoted\"\nid/with <b>tags</b> and ümläuts \uD83D\uDCF7";
    byte[] image = originals(150, 1).getFirst();
    api.put(id, image, Map.of(), false);
    awaitImage(id);
    assertThat(found(image)).contains(id);
  }

  @Test
  void wrongRequestsAreRefusedWithInputAndLimit() {
    assertRefused(SearchRequest.newBuilder().setId("x").setK(0), "k: 0");
    assertRefused(SearchRequest.newBuilder().setId("x").setRadius(-1), "radius: -1");
    assertRefused(SearchRequest.newBuilder().setCode("abcd"), "code");
    assertThatThrownBy(
            () -> api.search(SearchRequest.newBuilder().setId("never-seen").setK(1).build()))
        .isInstanceOfSatisfying(
            NotFoundException.class, e -> assertThat(e).hasMessageContaining("never-seen"));
  }

  @Test
  void theStreamOfMatchesEndsWithThePresent() {
    int known = matches.readUntilQuiet().size();
    StreamMatchesRequest all =
        StreamMatchesRequest.newBuilder().setFromBeginning(true).setEndAtPresent(true).build();
    List<Match> streamed = new ArrayList<>();
    try (MatchStream stream = api.matches(all)) {
      stream.forEachRemaining(streamed::add);
    }

    assertThat(streamed).hasSizeGreaterThanOrEqualTo(known);
  }

  private void assertRefused(SearchRequest.Builder request, String inMessage) {
    assertThatThrownBy(() -> api.search(request.build()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e).hasMessageContaining(inMessage).hasMessageContaining("expected"));
  }

  private static List<byte[]> originals(int from, int count) throws IOException {
    SampleSet set = TestPictures.photos(from, count);
    List<byte[]> originals = new ArrayList<>();
    for (SamplePicture picture : set.pictures()) {
      if (picture.isOriginal()) {
        originals.add(set.bytes(picture));
      }
    }
    return originals;
  }

  private void awaitImage(String id) {
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(MekikiException.class)
        .until(() -> api.image(id).getId().equals(id));
  }

  private void awaitMatch(String a, String b) {
    await()
        .atMost(LIMIT)
        .until(
            () -> matches.read().stream().anyMatch(match -> partners(match).equals(Set.of(a, b))));
  }

  private List<Match> matchesOf(String id) {
    return matches.read().stream().filter(match -> partners(match).contains(id)).toList();
  }

  private static Set<String> partners(Match match) {
    return Set.of(match.getLater().getId(), match.getEarlier().getId());
  }

  /// Ids of all images with the code and fingerprint of these bytes.
  private Set<String> found(byte[] image) {
    return api
        .search(
            SearchRequest.newBuilder()
                .setImage(ByteString.copyFrom(image))
                .setRadius(2)
                .setRequireComplete(true)
                .build())
        .getHitsList()
        .stream()
        .filter(hit -> hit.getFingerprintDistance() == 0)
        .map(SearchHit::getImageId)
        .collect(Collectors.toSet());
  }

  private void sendRecord(String id, byte[] value) throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", mekiki.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.withDefaultPrefix().images(), id.getBytes(StandardCharsets.UTF_8), value))
          .get();
    }
  }
}
