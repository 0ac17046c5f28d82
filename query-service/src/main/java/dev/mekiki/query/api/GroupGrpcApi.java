package dev.mekiki.query.api;

import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.GroupsGrpc;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/// The service `Groups` as gRPC. Each call runs on a thread of the executor.
final class GroupGrpcApi extends GroupsGrpc.GroupsImplBase {
  private final GroupOperation groups;
  private final GrpcCalls calls;

  GroupGrpcApi(GroupOperation groups, Executor executor) {
    this.groups = groups;
    this.calls = new GrpcCalls(executor);
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> responses) {
    calls.answer(responses, caller -> groups.list(caller, request));
  }

  @Override
  public void getGroup(GetGroupRequest request, StreamObserver<GetGroupResponse> responses) {
    calls.answer(responses, caller -> groups.get(caller, request));
  }

  @Override
  public void getImageGroup(
      GetImageGroupRequest request, StreamObserver<GetGroupResponse> responses) {
    calls.answer(responses, caller -> groups.of(caller, request));
  }
}
