package dev.mekiki.query.api;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.query.policy.Scope;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.ListMutesRequest;
import dev.mekiki.schemas.v1.ListMutesResponse;
import dev.mekiki.schemas.v1.ListTenantsRequest;
import dev.mekiki.schemas.v1.ListTenantsResponse;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.PutVerdictRequest;
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
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.mutes().create(request, scope));
  }

  @Override
  public void listMutes(ListMutesRequest request, StreamObserver<ListMutesResponse> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.mutes().list(scope));
  }

  @Override
  public void deleteMute(DeleteMuteRequest request, StreamObserver<Mute> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.mutes().delete(request, scope));
  }

  @Override
  public void putVerdict(PutVerdictRequest request, StreamObserver<Verdict> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.verdicts().put(request, scope));
  }

  @Override
  public void listVerdicts(
      ListVerdictsRequest request, StreamObserver<ListVerdictsResponse> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.verdicts().list(request, scope));
  }

  @Override
  public void deleteVerdict(DeleteVerdictRequest request, StreamObserver<Verdict> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.verdicts().delete(request, scope));
  }

  @Override
  public void listTenants(
      ListTenantsRequest request, StreamObserver<ListTenantsResponse> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.tenants().list(scope));
  }

  @Override
  public void putTenant(TenantSettings request, StreamObserver<TenantSettings> responses) {
    Scope scope = operations.scope(Caller.of(ServiceRequestContext.current()));
    calls.answer(responses, () -> operations.tenants().put(request, scope));
  }
}
