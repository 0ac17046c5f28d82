package dev.mekiki.runtime.server;

import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.runtime.metrics.ServiceMetrics;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.Supplier;

/// A server with one endpoint for readers and an encoder for services.
final class TestServer {
  private TestServer() {}

  /// @param network what the encoder answers with
  static ServiceServer start(
      Map<String, String> keys, String path, HttpService service, Supplier<String> network) {
    return ServiceServer.start(
        TestAccess.of(keys),
        ServiceMetrics.registry("sample"),
        () -> true,
        Permissions.builder()
            .needs(Role.READ, path)
            .needs(Role.SERVICE, EncoderGrpc.getServiceDescriptor())
            .build(),
        builder ->
            builder
                .service(path, service)
                .service(GrpcService.builder().addService(new Encoder(network)).build()));
  }

  private static final class Encoder extends EncoderGrpc.EncoderImplBase {
    private final Supplier<String> network;

    Encoder(Supplier<String> network) {
      this.network = network;
    }

    @Override
    public void encode(EncodeRequest request, StreamObserver<EncodeResponse> response) {
      response.onNext(EncodeResponse.newBuilder().setNetwork(network.get()).build());
      response.onCompleted();
    }
  }
}
