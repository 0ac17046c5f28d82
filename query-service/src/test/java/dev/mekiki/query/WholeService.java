package dev.mekiki.query;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
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
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Everything that a user has: broker, encoder, index and query service, in this process.
public final class WholeService implements AutoCloseable {
  static final int MAX_IMAGE_BYTES = 1 << 20;

  EmbeddedBroker broker;
  final EncoderService encoder;
  final IndexService index;
  final TestHttp http;
  final MekikiGrpc.MekikiBlockingStub grpc;
  QueryService query;

  private final BrokerSettings brokerSettings;
  private final Map<String, String> queryKeys;
  private final ClientFactory clientFactory = ClientFactory.builder().build();

  public WholeService(Path directory) throws InterruptedException {
    this(directory, ClientAccess.NONE, Map.of());
  }

  /// @param access what `grpc` shows
  /// @param keys beside those of every test, for all services
  public WholeService(Path directory, ClientAccess access, Map<String, String> keys)
      throws InterruptedException {
    this(directory, access, keys, Map.of());
  }

  /// @param indexKeys beside those, for the index service
  WholeService(
      Path directory, ClientAccess access, Map<String, String> keys, Map<String, String> indexKeys)
      throws InterruptedException {
    Path data = directory.resolve("broker");
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(data));
    String port = broker.bootstrapServers().replaceFirst(".*:", "");
    brokerSettings = new BrokerSettings(data, "127.0.0.1", Integer.parseInt(port));
    Map<String, String> common =
        with(
            keys,
            Map.of(
                "mekiki.kafka.bootstrap-servers", broker.bootstrapServers(),
                "mekiki.topics.partitions", "2",
                "mekiki.images.max-bytes", Integer.toString(MAX_IMAGE_BYTES)));
    encoder =
        EncoderService.start(
            Configuration.of(
                EncoderConfig.class,
                with(
                    common,
                    Map.of(
                        "mekiki.encoder.port", "0",
                        "mekiki.generation.partitions", "4"))));
    index =
        IndexService.start(
            Configuration.of(
                IndexConfig.class,
                with(
                    with(common, indexKeys),
                    Map.of(
                        "mekiki.index.port", "0",
                        "mekiki.index.threads", "1",
                        "mekiki.index.state-dir", directory.resolve("index").toString()))));
    queryKeys =
        with(
            common,
            Map.of(
                "mekiki.query.port",
                "0",
                "mekiki.query.index-addresses",
                index.address(),
                // Nobody listens at the first one.
                "mekiki.query.encoder-addresses",
                "127.0.0.1:1," + encoder.address()));
    query = QueryService.start(Configuration.of(QueryConfig.class, queryKeys));
    http = new TestHttp(WebClient.of("http://" + query.address()));
    grpc =
        access
            .grpc(query.address())
            .factory(clientFactory)
            .responseTimeoutMillis(0)
            .build(MekikiGrpc.MekikiBlockingStub.class);
    query.awaitReady(Duration.ofSeconds(60));
    index.awaitReady(Duration.ofSeconds(60));
  }

  /// Stops the query service and starts it again at the same address.
  public void restartQuery() throws InterruptedException {
    String address = query.address();
    query.close();
    queryKeys.put("mekiki.query.port", address.substring(address.lastIndexOf(':') + 1));
    query = QueryService.start(Configuration.of(QueryConfig.class, queryKeys));
    query.awaitReady(Duration.ofSeconds(60));
  }

  /// Starts the broker again that the test has closed.
  void restartBroker() {
    broker = EmbeddedBroker.start(brokerSettings);
  }

  /// HOST:PORT of the broker.
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /// HOST:PORT of the query service.
  public String address() {
    return query.address();
  }

  Status status() {
    return grpc.getStatus(GetStatusRequest.getDefaultInstance());
  }

  AggregatedHttpResponse get(String path) {
    return http.get(path);
  }

  AggregatedHttpResponse send(HttpMethod method, String path, MediaType type, byte[] body) {
    return http.send(method, path, type, body);
  }

  AggregatedHttpResponse put(String id, byte[] image) {
    return http.put(id, image);
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  @Override
  public void close() {
    query.close();
    index.close();
    encoder.close();
    clientFactory.close();
    broker.close();
  }
}
