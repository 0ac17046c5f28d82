package dev.mekiki.query.cluster;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.mekiki.schemas.v1.IndexGrpc;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// A gRPC client for each index instance, by address. Thread-safe.
public final class IndexClients {
  /// 10,000 hits with ids of 1 KiB fit many times over.
  private static final int MAX_RESPONSE_BYTES = 64 << 20;

  private final ClientFactory factory;
  private final ConcurrentMap<String, IndexGrpc.IndexFutureStub> calls = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, IndexGrpc.IndexStub> streams = new ConcurrentHashMap<>();

  /// @param factory stays the caller's to close
  public IndexClients(ClientFactory factory) {
    this.factory = factory;
  }

  /// For single calls; each must be given a deadline.
  ///
  /// @param address host:port
  IndexGrpc.IndexFutureStub calls(String address) {
    return calls.computeIfAbsent(address, a -> client(a, IndexGrpc.IndexFutureStub.class));
  }

  /// For streams, which have no deadline.
  ///
  /// @param address host:port
  IndexGrpc.IndexStub streams(String address) {
    return streams.computeIfAbsent(address, a -> client(a, IndexGrpc.IndexStub.class));
  }

  private <T> T client(String address, Class<T> type) {
    return GrpcClients.builder("gproto+http://" + address)
        .factory(factory)
        .responseTimeoutMillis(0)
        .maxResponseLength(MAX_RESPONSE_BYTES)
        .build(type);
  }
}
