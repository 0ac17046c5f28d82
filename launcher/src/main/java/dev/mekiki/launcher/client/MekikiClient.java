package dev.mekiki.launcher.client;

import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.DeleteImageRequest;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.GroupsGrpc;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.Status;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;

/// The query service at one address. Every call fails with a {@link RemoteException} whose message
/// can be shown to people. Thread-safe.
public final class MekikiClient implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final int LARGEST_ANSWER_BYTES = 64 << 20;

  private final String server;
  private final ClientAccess access;
  private final ClientFactory connections;
  private final MekikiGrpc.MekikiBlockingStub api;
  private final MekikiGrpc.MekikiBlockingStub streaming;
  private final GroupsGrpc.GroupsBlockingStub groups;

  /// A client of a service that requires no token.
  ///
  /// @param server host:port of a query service; nothing is connected before the first call
  public MekikiClient(String server) {
    this(server, ClientAccess.NONE);
  }

  /// @param server host:port of a query service, or its URL, which says whether it speaks TLS;
  ///   nothing is connected before the first call
  /// @param access what the service is shown
  /// @throws IllegalArgumentException where it is neither
  public MekikiClient(String server, ClientAccess access) {
    this.server = server;
    this.access = access;
    this.connections =
        access
            .connections(ClientFactory.builder())
            .connectTimeout(CONNECT_LIMIT)
            .idleTimeout(ANSWER_LIMIT)
            .build();
    this.api = stub(MekikiGrpc.MekikiBlockingStub.class, ANSWER_LIMIT);
    this.streaming = stub(MekikiGrpc.MekikiBlockingStub.class, Duration.ZERO);
    this.groups = stub(GroupsGrpc.GroupsBlockingStub.class, ANSWER_LIMIT);
  }

  public SearchResponse search(SearchRequest request) {
    return call(() -> api.search(request));
  }

  public CompareResponse compare(CompareRequest request) {
    return call(() -> api.compare(request));
  }

  public ListGroupsResponse groups(ListGroupsRequest request) {
    return call(() -> groups.listGroups(request));
  }

  public GetGroupResponse group(GetGroupRequest request) {
    return call(() -> groups.getGroup(request));
  }

  public GetGroupResponse groupOf(GetImageGroupRequest request) {
    return call(() -> groups.getImageGroup(request));
  }

  public Image image(String id) {
    return call(() -> api.getImage(GetImageRequest.newBuilder().setId(id).build()));
  }

  /// Sends an image; returns once the broker has it.
  ///
  /// @param image not to be changed until this returns
  /// @param muteMatches index it without events where it is the later one of a pair
  public SourceCoordinate put(
      String id, byte[] image, Map<String, String> metadata, boolean muteMatches) {
    return put(
        id,
        image,
        PutImageRequest.newBuilder().putAllMetadata(metadata).setMuteMatches(muteMatches).build());
  }

  /// Sends an image; returns once the broker has it.
  ///
  /// @param image not to be changed until this returns
  /// @param request everything else
  public SourceCoordinate put(String id, byte[] image, PutImageRequest request) {
    PutImageRequest whole =
        request.toBuilder().setId(id).setImage(UnsafeByteOperations.unsafeWrap(image)).build();
    return call(() -> api.putImage(whole)).getSource();
  }

  public SourceCoordinate delete(String id) {
    return call(() -> api.deleteImage(DeleteImageRequest.newBuilder().setId(id).build()))
        .getSource();
  }

  public Status status() {
    return call(() -> api.getStatus(GetStatusRequest.getDefaultInstance()));
  }

  /// Matches as they are found; `hasNext` waits for the next one.
  ///
  /// @param request from where, and whether to end with what is there now
  public Iterator<Match> matches(StreamMatchesRequest request) {
    Iterator<Match> matches = call(() -> streaming.streamMatches(request));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return call(matches::hasNext);
      }

      @Override
      public Match next() {
        return call(matches::next);
      }
    };
  }

  /// What people decide: mutes, verdicts, thresholds of tenants. Closed with this.
  public PolicyClient policy() {
    return new PolicyClient(server, stub(PolicyGrpc.PolicyBlockingStub.class, ANSWER_LIMIT));
  }

  @Override
  public void close() {
    connections.close();
  }

  private <T> T stub(Class<T> type, Duration limit) {
    return access
        .grpc(server)
        .factory(connections)
        .responseTimeout(limit)
        .maxResponseLength(limit.isZero() ? 0 : LARGEST_ANSWER_BYTES)
        .build(type);
  }

  private <T> T call(Supplier<T> call) {
    return RemoteException.of(server, call);
  }
}
