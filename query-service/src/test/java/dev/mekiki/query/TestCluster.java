package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.centers.RandomCenters;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;

/// A broker, two index instances whose line can be cut, and a query service, all in this process.
/// Codes come from the test rather than from an encoder.
final class TestCluster implements AutoCloseable {
  static final int BITS = 64;
  static final int PARTITIONS = 8;

  /// Each image has metadata `lane`, its number of those sent modulo this.
  static final int LANES = 3;

  static final String NETWORK = "ab".repeat(32);

  final EmbeddedBroker broker;
  final KafkaClients kafka;
  final Topics topics = Topics.withDefaultPrefix();
  final Generation generation;
  final CenterTable centers;
  final Routing routing;
  final List<IndexService> indexes = new ArrayList<>();
  final List<TcpProxy> lines = new ArrayList<>();
  final QueryService query;
  final TestHttp http;
  final MekikiGrpc.MekikiBlockingStub grpc;

  private final KafkaProducer<String, ImageCode> codes;
  private final ClientFactory clientFactory = ClientFactory.builder().build();
  private long offset;

  TestCluster(Path directory) throws Exception {
    this(directory, Map.of());
  }

  /// @param indexSettings of the index instances, beside those that the cluster needs
  TestCluster(Path directory, Map<String, String> indexSettings) throws Exception {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
    Map<String, String> common =
        Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers());
    QueryConfig defaults = Configuration.of(QueryConfig.class, common);
    KafkaConfig kafkaConfig = defaults.kafka();
    ImageLimits limits = defaults.images();
    kafka = new KafkaClients(kafkaConfig, limits);

    List<HashCode> centerCodes = RandomCenters.generate(BITS, 20, 7).codes();
    centers =
        new CenterTable(
            BITS,
            centerCodes,
            IntStream.range(0, centerCodes.size()).mapToObj(center -> "class " + center).toList());
    // As if most images were of one class.
    long[] images = new long[centers.size()];
    images[3] = 1_000_000;
    routing = Routing.balanced(centers, PARTITIONS, images);
    generation =
        GenerationRegistry.identified(GenerationGeometry.generation(NETWORK, routing).build());
    TopicProvisioner.ensure(
        kafka,
        List.of(
            TopicSpec.generations(topics, (short) 1),
            TopicSpec.imageCodes(topics, NETWORK, 8, (short) 1)));

    for (int i = 0; i < 2; i++) {
      lines.add(new TcpProxy());
    }
    Map<String, String> queryKeys = new HashMap<>(common);
    queryKeys.put("mekiki.query.port", "0");
    queryKeys.put("mekiki.query.index-addresses", lines.getFirst().address());
    queryKeys.put("mekiki.query.search-timeout", "3s");
    // The query service starts before there is a generation or an index instance, and waits.
    query = QueryService.start(Configuration.of(QueryConfig.class, queryKeys));
    http = new TestHttp(WebClient.of("http://" + query.address()));
    grpc = client(MekikiGrpc.MekikiBlockingStub.class);
    assertThat(query.isReady()).isFalse();

    new GenerationRegistry(kafka, topics).announce(generation, false);
    for (int i = 0; i < 2; i++) {
      Map<String, String> keys = new HashMap<>(common);
      keys.put("mekiki.index.port", "0");
      keys.put("mekiki.index.advertised-address", lines.get(i).address());
      keys.put("mekiki.index.state-dir", directory.resolve("index-" + i).toString());
      keys.put("mekiki.index.threads", "1");
      keys.put("mekiki.index.standby-replicas", "0");
      keys.put("mekiki.index.filterable-metadata", "lane,origin");
      keys.putAll(indexSettings);
      IndexService index = IndexService.start(Configuration.of(IndexConfig.class, keys));
      indexes.add(index);
      lines.get(i).lead(port(index.address()));
    }
    codes =
        new KafkaProducer<>(
            kafka.producer(),
            Serdes.String().serializer(),
            ProtobufSerde.of(ImageCode.getDefaultInstance()).serializer());
    query.awaitReady(Duration.ofSeconds(60));
    // Both instances have taken their share.
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> {
          var status = grpc.getStatus(GetStatusRequest.getDefaultInstance());
          return status.getMissingPartitionsCount() == 0
              && status.getInstancesList().stream()
                      .filter(instance -> instance.getActivePartitionsCount() > 0)
                      .count()
                  == 2;
        });
  }

  /// Sends what an encoder would: the codes of an image.
  SourceCoordinate send(String id, HashCode code) throws InterruptedException, ExecutionException {
    return send(id, code(id, code));
  }

  SourceCoordinate send(String id, ImageCode.Builder code)
      throws InterruptedException, ExecutionException {
    codes.send(new ProducerRecord<>(topics.imageCodes(NETWORK), id, code.build())).get();
    return code.getSource();
  }

  /// Sends codes without waiting for the broker.
  void sendLater(String id, ImageCode.Builder code) {
    var _ = codes.send(new ProducerRecord<>(topics.imageCodes(NETWORK), id, code.build()));
  }

  /// A client of another of the services.
  <T> T client(Class<T> stub) {
    return GrpcClients.builder("gproto+http://" + query.address())
        .factory(clientFactory)
        .responseTimeoutMillis(0)
        .build(stub);
  }

  /// The codes of an image, without a thumbnail.
  ImageCode.Builder code(String id, HashCode code) throws ExecutionException {
    SourceCoordinate source =
        SourceCoordinate.newBuilder().setTopic(topics.images()).setOffset(offset++).build();
    return ImageCode.newBuilder()
        .setHashCode(ByteString.copyFrom(code.toBytes()))
        .setInstanceCode(ByteString.copyFrom(new byte[32]))
        .setFingerprint(ByteString.copyFrom(new byte[32]))
        .setFingerprintQuality(100)
        .setSha256(ByteString.copyFrom(sha256(id)))
        .setWidth(640)
        .setHeight(480)
        .setSource(source)
        .setContentType("image/jpeg")
        .setSizeBytes(12_345)
        .putMetadata("origin", "test")
        .putMetadata("lane", Long.toString(source.getOffset() % LANES))
        .setImageTime(Timestamps.fromMillis(System.currentTimeMillis()))
        .setEncodedTime(Timestamps.fromMillis(System.currentTimeMillis()))
        .setNetwork(NETWORK);
  }

  void remove(String id) throws InterruptedException, ExecutionException {
    codes.send(new ProducerRecord<>(topics.imageCodes(NETWORK), id, null)).get();
  }

  static byte[] sha256(String text) throws ExecutionException {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new ExecutionException(e);
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  @Override
  public void close() throws IOException {
    codes.close();
    query.close();
    for (IndexService index : indexes) {
      index.close();
    }
    for (TcpProxy line : lines) {
      line.close();
    }
    clientFactory.close();
    broker.close();
  }
}
