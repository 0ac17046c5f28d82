package dev.mekiki.query.api;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.GroupsGrpc;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/// The questions about groups as gRPC. Each call runs on a thread of the executor.
final class GrpcGroupApi extends GroupsGrpc.GroupsImplBase {
  private final Operations operations;
  private final GrpcCalls calls;

  GrpcGroupApi(Operations operations, Executor executor) {
    this.operations = operations;
    this.calls = new GrpcCalls(executor);
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> responses) {
    Caller caller = Caller.of(ServiceRequestContext.current());
    calls.answer(responses, () -> operations.groups(caller, request));
  }

  @Override
  public void getGroup(GetGroupRequest request, StreamObserver<GetGroupResponse> responses) {
    Caller caller = Caller.of(ServiceRequestContext.current());
    calls.answer(responses, () -> operations.group(caller, request));
  }

  @Override
  public void getImageGroup(
      GetImageGroupRequest request, StreamObserver<GetGroupResponse> responses) {
    Caller caller = Caller.of(ServiceRequestContext.current());
    calls.answer(responses, () -> operations.groupOf(caller, request));
  }
}
