package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.EncoderService;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Status;
import io.grpc.StatusRuntimeException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searches for copies over two index instances whose lines can be cut.
class CopySearchIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int PICTURES = 6;
  private static final Pattern SEARCHES =
      Pattern.compile("(?m)^mekiki_index_copies_search_seconds_count\\S* (\\d+)");

  @TempDir private Path directory;

  private final ReverseCloser parts = new ReverseCloser();
  private final ClientFactory factory = parts.add(ClientFactory.builder().build());
  private final List<TcpProxy> lines = new ArrayList<>();
  private final List<IndexService> indexes = new ArrayList<>();
  private MekikiGrpc.MekikiBlockingStub grpc = stub("127.0.0.1:1");
  private TestHttp http = new TestHttp(WebClient.of("http://127.0.0.1:1"));

  @BeforeEach
  void start() throws Exception {
    EmbeddedBroker broker =
        parts.add(EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker"))));
    Map<String, String> common =
        Map.of(
            "mekiki.kafka.bootstrap-servers", broker.bootstrapServers(),
            "mekiki.topics.partitions", "4",
            "mekiki.topics.landmark-partitions", "4",
            "mekiki.match.copies", "on");
    EncoderService encoder =
        parts.add(
            EncoderService.start(
                with(
                    EncoderConfig.class,
                    common,
                    Map.of("mekiki.encoder.port", "0", "mekiki.generation.partitions", "4"))));
    for (int i = 0; i < 2; i++) {
      TcpProxy line = parts.add(new TcpProxy());
      lines.add(line);
      IndexService index =
          parts.add(
              IndexService.start(
                  with(
                      IndexConfig.class,
                      common,
                      Map.of(
                          "mekiki.index.port", "0",
                          "mekiki.index.advertised-address", line.address(),
                          "mekiki.index.threads", "1",
                          "mekiki.index.standby-replicas", "0",
                          "mekiki.index.state-dir", directory.resolve("index" + i).toString()))));
      indexes.add(index);
      line.lead(Integer.parseInt(index.address().replaceFirst(".*:", "")));
    }
    QueryService query =
        parts.add(
            QueryService.start(
                // It learns from the index instances that copies are looked for.
                with(
                    QueryConfig.class,
                    Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()),
                    Map.of(
                        "mekiki.topics.partitions", "4",
                        "mekiki.query.port", "0",
                        "mekiki.query.search-timeout", "3s",
                        "mekiki.query.index-addresses", lines.getFirst().address(),
                        "mekiki.query.encoder-addresses", encoder.address()))));
    grpc = stub(query.address());
    http = new TestHttp(WebClient.of("http://" + query.address()));
    query.awaitReady(LIMIT);
    await().atMost(LIMIT).until(() -> instances().stream().allMatch(i -> hosts(i) > 1));
  }

  @AfterEach
  void stop() {
    parts.close();
  }

  @Test
  void partitionsOfLandmarksThatDoNotAnswerAreNamedAndRefusedWhereAllAreRequired()
      throws Exception {
    byte[] crop = crop(Pictures.jpeg(3, 0.9f));
    for (int i = 0; i < PICTURES; i++) {
      assertThat(http.put("picture-" + i, Pictures.jpeg(i, 0.9f)).status().code()).isEqualTo(200);
    }
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(ids(search(crop))).containsExactly("picture-3"));
    assertThat(search(crop).getComplete()).isTrue();

    // Nothing is asked where copies are not wanted.
    double before = landmarkSearches();
    assertThat(grpc.search(request(crop).setCopies(false).build()).hasCopySearch()).isFalse();
    assertThat(grpc.search(SearchRequest.newBuilder().setId("picture-3").build()).hasCopySearch())
        .isFalse();
    assertThat(landmarkSearches()).isEqualTo(before);
    SearchResponse _ = search(crop);
    assertThat(landmarkSearches()).isEqualTo(before + 4);

    // A search within radius 0 asks one partition of codes at most: on one of the two instances.
    TcpProxy line = lines.get(oneThatHitsDoNotNeed(crop));
    List<Integer> away =
        instances().stream()
            .filter(instance -> instance.getAddress().equals(line.address()))
            .findFirst()
            .orElseThrow()
            .getActiveLandmarkPartitionsList();
    line.cut();
    SearchResponse partial = search(crop);
    assertThat(partial.getMissingPartitionsList()).isEmpty();
    assertThat(partial.getComplete()).isFalse();
    assertThat(partial.getCopySearch().getComplete()).isFalse();
    assertThat(partial.getCopySearch().getMissingPartitionsList())
        .isNotEmpty()
        .hasSameElementsAs(away);
    assertThat(partial.getCopySearch().getReason()).contains("partitions of landmarks");
    assertThatThrownBy(() -> grpc.search(request(crop).setRequireComplete(true).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining("copies: partitions of landmarks");

    line.mend();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(ids(grpc.search(request(crop).setRequireComplete(true).build())))
                .containsExactly("picture-3"));

    AggregatedHttpResponse json =
        http.send(HttpMethod.POST, "/v1/search?k=1&copies=true", MediaType.JPEG, crop);
    assertThat(json.contentUtf8())
        .contains("\"copies\":[{\"imageId\":\"picture-3\",\"kind\":\"DUPLICATE\"")
        .contains("\"decidedBy\":\"ALIGNMENT\"")
        .contains("\"copySearch\":{\"complete\":true");
    assertThat(
            http.send(HttpMethod.POST, "/v1/search?k=1&copies=no", MediaType.JPEG, crop)
                .contentUtf8())
        .contains("copies: 'no' (expected: true or false)");
  }

  /// The number of an instance without which hits within radius 0 are complete.
  private int oneThatHitsDoNotNeed(byte[] picture) {
    for (int i = 0; i < lines.size(); i++) {
      lines.get(i).cut();
      SearchResponse found = grpc.search(request(picture).setCopies(false).build());
      lines.get(i).mend();
      await().atMost(LIMIT).until(() -> search(picture).getComplete());
      if (found.getComplete()) {
        return i;
      }
    }
    throw new AssertionError("both instances are needed for one partition");
  }

  private double landmarkSearches() {
    double searches = 0;
    for (IndexService index : indexes) {
      Matcher counts =
          SEARCHES.matcher(
              WebClient.of("http://" + index.address())
                  .get("/metrics")
                  .aggregate()
                  .join()
                  .contentUtf8());
      assertThat(counts.find()).isTrue();
      searches += Double.parseDouble(counts.group(1));
    }
    return searches;
  }

  private List<IndexInstance> instances() {
    Status status = grpc.getStatus(GetStatusRequest.getDefaultInstance());
    return status.getInstancesCount() < 2
        ? List.of(IndexInstance.getDefaultInstance())
        : status.getInstancesList();
  }

  private static int hosts(IndexInstance instance) {
    return Math.min(
        instance.getActivePartitionsCount(), instance.getActiveLandmarkPartitionsCount());
  }

  private SearchResponse search(byte[] picture) {
    return grpc.search(request(picture).build());
  }

  private static SearchRequest.Builder request(byte[] picture) {
    return SearchRequest.newBuilder().setImage(ByteString.copyFrom(picture)).setK(1).setRadius(0);
  }

  private static List<String> ids(SearchResponse found) {
    return found.getCopiesList().stream().map(CopyHit::getImageId).toList();
  }

  private static byte[] crop(byte[] file) throws IOException {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
    ByteArrayOutputStream cropped = new ByteArrayOutputStream();
    ImageIO.write(picture.getSubimage(20, 15, 270, 205), "jpg", cropped);
    return cropped.toByteArray();
  }

  private MekikiGrpc.MekikiBlockingStub stub(String address) {
    return GrpcClients.builder("gproto+http://" + address)
        .factory(factory)
        .responseTimeoutMillis(0)
        .build(MekikiGrpc.MekikiBlockingStub.class);
  }

  private static <T> T with(Class<T> type, Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(some);
    all.putAll(more);
    return Configuration.of(type, all);
  }
}
