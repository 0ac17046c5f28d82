package dev.mekiki.query.api;

import dev.mekiki.query.matches.MatchFeed;
import dev.mekiki.schemas.v1.DeleteImageRequest;
import dev.mekiki.schemas.v1.DeleteImageResponse;
import dev.mekiki.schemas.v1.GetImageRequest;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImageResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Status;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/// The API as gRPC, and by transcoding as HTTP/JSON. Each call runs on a thread of the executor, so
/// that none blocks an event loop.
final class MekikiApi extends MekikiGrpc.MekikiImplBase {
  private final Operations operations;
  private final MatchFeed matches;
  private final Executor executor;

  MekikiApi(Operations operations, MatchFeed matches, Executor executor) {
    this.operations = operations;
    this.matches = matches;
    this.executor = executor;
  }

  @Override
  public void search(SearchRequest request, StreamObserver<SearchResponse> responses) {
    answer(responses, () -> operations.search(request));
  }

  @Override
  public void getImage(GetImageRequest request, StreamObserver<Image> responses) {
    answer(responses, () -> operations.get(request.getId()));
  }

  @Override
  public void putImage(PutImageRequest request, StreamObserver<PutImageResponse> responses) {
    answer(
        responses,
        () ->
            PutImageResponse.newBuilder()
                .setSource(
                    operations.put(
                        request.getId(),
                        request.getImage(),
                        null,
                        request.getMetadataMap(),
                        request.getMuteMatches()))
                .build());
  }

  @Override
  public void deleteImage(
      DeleteImageRequest request, StreamObserver<DeleteImageResponse> responses) {
    answer(
        responses,
        () ->
            DeleteImageResponse.newBuilder().setSource(operations.delete(request.getId())).build());
  }

  @Override
  public void streamMatches(StreamMatchesRequest request, StreamObserver<Match> responses) {
    MatchFeed.From from =
        request.getFromBeginning()
            ? new MatchFeed.From.Beginning(request.getEndAtPresent())
            : new MatchFeed.From.Now();
    if (request.getEndAtPresent() && !request.getFromBeginning()) {
      // Nothing lies between now and the present.
      responses.onCompleted();
      return;
    }
    matches.subscribe(from, new GrpcMatchSink((ServerCallStreamObserver<Match>) responses));
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<Status> responses) {
    answer(responses, operations::status);
  }

  private <T> void answer(StreamObserver<T> responses, Callable<T> operation) {
    executor.execute(() -> {
      T answer;
      try {
        answer = operation.call();
      } catch (Exception e) {
        responses.onError(Failures.status(e).asRuntimeException());
        return;
      }
      responses.onNext(answer);
      responses.onCompleted();
    });
  }
}
