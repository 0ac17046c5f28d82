package dev.mekiki.query.api;

import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.GetRematchRequest;
import dev.mekiki.schemas.v1.ListMutesRequest;
import dev.mekiki.schemas.v1.ListMutesResponse;
import dev.mekiki.schemas.v1.ListQuarantineRequest;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.ListTenantsRequest;
import dev.mekiki.schemas.v1.ListTenantsResponse;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/// The service `Policy` as gRPC. Each call runs on a thread of the executor.
final class PolicyGrpcApi extends PolicyGrpc.PolicyImplBase {
  private final PolicyOperations operations;
  private final GrpcCalls calls;

  PolicyGrpcApi(PolicyOperations operations, Executor executor) {
    this.operations = operations;
    this.calls = new GrpcCalls(executor);
  }

  @Override
  public void createMute(CreateMuteRequest request, StreamObserver<Mute> responses) {
    calls.answer(responses, caller -> operations.createMute(request, caller));
  }

  @Override
  public void listMutes(ListMutesRequest request, StreamObserver<ListMutesResponse> responses) {
    calls.answer(responses, caller -> operations.mutes().list(operations.scope(caller)));
  }

  @Override
  public void deleteMute(DeleteMuteRequest request, StreamObserver<Mute> responses) {
    calls.answer(responses, caller -> operations.deleteMute(request, caller));
  }

  @Override
  public void putVerdict(PutVerdictRequest request, StreamObserver<Verdict> responses) {
    calls.answer(responses, caller -> operations.putVerdict(request, caller));
  }

  @Override
  public void listVerdicts(
      ListVerdictsRequest request, StreamObserver<ListVerdictsResponse> responses) {
    calls.answer(
        responses, caller -> operations.verdicts().list(request, operations.scope(caller)));
  }

  @Override
  public void deleteVerdict(DeleteVerdictRequest request, StreamObserver<Verdict> responses) {
    calls.answer(responses, caller -> operations.deleteVerdict(request, caller));
  }

  @Override
  public void listQuarantine(
      ListQuarantineRequest request, StreamObserver<ListQuarantineResponse> responses) {
    calls.answer(responses, operations.quarantine()::list);
  }

  @Override
  public void listTenants(
      ListTenantsRequest request, StreamObserver<ListTenantsResponse> responses) {
    calls.answer(responses, caller -> operations.tenants().list(operations.scope(caller)));
  }

  @Override
  public void putTenant(TenantSettings request, StreamObserver<TenantSettings> responses) {
    calls.answer(responses, caller -> operations.putTenant(request, caller));
  }

  @Override
  public void startRematch(StartRematchRequest request, StreamObserver<Rematch> responses) {
    calls.answer(responses, caller -> operations.startRematch(request, caller));
  }

  @Override
  public void getRematch(GetRematchRequest request, StreamObserver<Rematch> responses) {
    calls.answer(responses, caller -> operations.rematches().get(operations.scope(caller)));
  }

  @Override
  public void cancelRematch(CancelRematchRequest request, StreamObserver<Rematch> responses) {
    calls.answer(responses, caller -> operations.cancelRematch(request, caller));
  }
}
