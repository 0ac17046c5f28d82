package dev.mekiki.query.api;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.query.matches.StartFrom;
import dev.mekiki.query.matches.SubscriptionRefusedException;
import dev.mekiki.runtime.server.RequestCost;
import dev.mekiki.schemas.v1.CenterSizes;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.DeleteImageRequest;
import dev.mekiki.schemas.v1.DeleteImageResponse;
import dev.mekiki.schemas.v1.GetCenterSizesRequest;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.GetSessionRequest;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ListCentersRequest;
import dev.mekiki.schemas.v1.ListCentersResponse;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListImagesResponse;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.ListMatchesResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImageResponse;
import dev.mekiki.schemas.v1.PutImagesRequest;
import dev.mekiki.schemas.v1.PutImagesResponse;
import dev.mekiki.schemas.v1.SearchManyRequest;
import dev.mekiki.schemas.v1.SearchManyResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Session;
import dev.mekiki.schemas.v1.Status;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/// The API as gRPC. Each call runs on a thread of the executor, so that none blocks an event loop.
final class GrpcApi extends MekikiGrpc.MekikiImplBase {
  private final Operations operations;
  private final BatchOperation batches;
  private final CenterOperation centers;
  private final GrpcCalls calls;

  GrpcApi(
      Operations operations, BatchOperation batches, CenterOperation centers, Executor executor) {
    this.operations = operations;
    this.batches = batches;
    this.centers = centers;
    this.calls = new GrpcCalls(executor);
  }

  @Override
  public void search(SearchRequest request, StreamObserver<SearchResponse> responses) {
    calls.answer(responses, caller -> operations.search(caller, request));
  }

  @Override
  public void searchMany(SearchManyRequest request, StreamObserver<SearchManyResponse> responses) {
    RequestCost.of(ServiceRequestContext.current()).raise(request.getSearchesCount());
    calls.answer(responses, caller -> batches.search(caller, request));
  }

  @Override
  public void putImages(PutImagesRequest request, StreamObserver<PutImagesResponse> responses) {
    RequestCost.of(ServiceRequestContext.current()).raise(request.getImagesCount());
    calls.answer(responses, caller -> batches.put(caller, request));
  }

  @Override
  public void compare(CompareRequest request, StreamObserver<CompareResponse> responses) {
    calls.answer(responses, caller -> operations.compare(caller, request));
  }

  @Override
  public void getImage(GetImageRequest request, StreamObserver<Image> responses) {
    calls.answer(responses, caller -> operations.get(caller, request.getId()));
  }

  @Override
  public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> responses) {
    calls.answer(responses, caller -> operations.list(caller, request));
  }

  @Override
  public void putImage(PutImageRequest request, StreamObserver<PutImageResponse> responses) {
    calls.answer(
        responses,
        caller ->
            PutImageResponse.newBuilder()
                .setSource(operations.put(caller, request.getId(), ImageUpload.of(request)))
                .build());
  }

  @Override
  public void deleteImage(
      DeleteImageRequest request, StreamObserver<DeleteImageResponse> responses) {
    calls.answer(
        responses,
        caller ->
            DeleteImageResponse.newBuilder()
                .setSource(operations.delete(caller, request.getId()))
                .build());
  }

  @Override
  public void streamMatches(StreamMatchesRequest request, StreamObserver<Match> responses) {
    StartFrom from =
        request.getFromBeginning()
            ? new StartFrom.Beginning(request.getEndAtPresent())
            : new StartFrom.Now();
    if (request.getEndAtPresent() && !request.getFromBeginning()) {
      // Nothing lies between now and the present.
      responses.onCompleted();
      return;
    }
    try {
      operations.matches(
          GrpcCalls.caller(),
          request.hasTenant() ? request.getTenant() : null,
          from,
          new GrpcMatchSink((ServerCallStreamObserver<Match>) responses));
    } catch (SubscriptionRefusedException | ApiException e) {
      responses.onError(Failures.status(e).asRuntimeException());
    }
  }

  @Override
  public void listMatches(
      ListMatchesRequest request, StreamObserver<ListMatchesResponse> responses) {
    calls.answer(responses, caller -> operations.matches(caller, request));
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<Status> responses) {
    calls.answer(responses, operations::status);
  }

  @Override
  public void listCenters(
      ListCentersRequest request, StreamObserver<ListCentersResponse> responses) {
    calls.answer(responses, _ -> centers.list(request));
  }

  @Override
  public void getCenterSizes(GetCenterSizesRequest request, StreamObserver<CenterSizes> responses) {
    calls.answer(responses, centers::sizes);
  }

  @Override
  public void getSession(GetSessionRequest request, StreamObserver<Session> responses) {
    calls.answer(responses, Operations::session);
  }
}
