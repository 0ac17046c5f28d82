package dev.mekiki.query.api;

import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ItemFailure;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImageResponse;
import dev.mekiki.schemas.v1.PutImageResult;
import dev.mekiki.schemas.v1.PutImagesRequest;
import dev.mekiki.schemas.v1.PutImagesResponse;
import dev.mekiki.schemas.v1.SearchManyRequest;
import dev.mekiki.schemas.v1.SearchManyResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResult;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/// Does several things of one kind in one call, some at a time. Each succeeds or fails
/// independently. Thread-safe; it blocks.
final class BatchOperation {
  private static final int MAX_ITEMS = 100;

  /// A search keeps encoders and index instances busy; an image that is sent waits for the broker.
  private static final int SEARCHES_AT_ONCE = 4;

  private static final int PUTS_AT_ONCE = 16;

  /// How many times the hits of one search all of them may ask for.
  private static final int HITS_FACTOR = 10;

  private final Operations operations;
  private final int maxHits;
  private final Duration patience;
  private final Executor executor;

  /// @param maxHits most hits of one search
  /// @param patience after which nothing more is begun
  /// @param executor runs the operations, which block
  BatchOperation(Operations operations, int maxHits, Duration patience, Executor executor) {
    this.operations = operations;
    this.maxHits = maxHits;
    this.patience = patience;
    this.executor = executor;
  }

  /// One of several.
  @FunctionalInterface
  private interface Item<T, R> {
    R run(T request) throws InterruptedException;
  }

  /// Searches.
  ///
  /// @throws ApiException INVALID_ARGUMENT where there are none or too many, or they ask for too
  ///   many hits
  SearchManyResponse search(Caller caller, SearchManyRequest request) throws InterruptedException {
    List<SearchRequest> searches = request.getSearchesList();
    checkCount("searches", searches.size());
    if (searches.stream().anyMatch(SearchRequest::getDescribe)) {
      throw ApiException.invalid(
          "describe: in one of several searches (expected: in a search of its own, since its answer may be large)");
    }
    long hits = searches.stream().mapToLong(this::hits).sum();
    if (hits > (long) HITS_FACTOR * maxHits) {
      throw ApiException.invalid(
          "searches: %d hits in all (expected: at most %d; ask for fewer with k, or in several calls)"
              .formatted(hits, (long) HITS_FACTOR * maxHits));
    }
    List<SearchResult> results =
        each(
            searches,
            SEARCHES_AT_ONCE,
            one -> SearchResult.newBuilder().setFound(operations.search(caller, one)).build(),
            failure -> SearchResult.newBuilder().setFailure(failure).build());
    return SearchManyResponse.newBuilder().addAllResults(results).build();
  }

  private long hits(SearchRequest search) {
    if (search.hasK()) {
      return Math.max(1, search.getK());
    }
    return search.hasRadius() ? maxHits : RequestCheck.DEFAULT_K;
  }

  /// Sends images.
  ///
  /// @throws ApiException INVALID_ARGUMENT where there are none or too many, or two of one id
  PutImagesResponse put(Caller caller, PutImagesRequest request) throws InterruptedException {
    List<PutImageRequest> images = request.getImagesList();
    checkCount("images", images.size());
    Set<String> ids = new HashSet<>();
    for (PutImageRequest image : images) {
      if (!ids.add(image.getId())) {
        throw ApiException.invalid(
            "images: id '%s' twice (expected: once, because they are sent in no particular order)"
                .formatted(BoundedText.quote(image.getId())));
      }
    }
    List<PutImageResult> results =
        each(
            images,
            PUTS_AT_ONCE,
            one ->
                PutImageResult.newBuilder()
                    .setPut(
                        PutImageResponse.newBuilder()
                            .setSource(operations.put(caller, one.getId(), ImageUpload.of(one))))
                    .build(),
            failure -> PutImageResult.newBuilder().setFailure(failure).build());
    return PutImagesResponse.newBuilder().addAllResults(results).build();
  }

  private static void checkCount(String what, int count) {
    if (count < 1 || count > MAX_ITEMS) {
      throw ApiException.invalid(
          "%s: %d (expected: 1..%d in one call)".formatted(what, count, MAX_ITEMS));
    }
  }

  private <T, R> List<R> each(
      List<T> requests, int atOnce, Item<T, R> item, Function<ItemFailure, R> failed)
      throws InterruptedException {
    AtomicReferenceArray<R> results = new AtomicReferenceArray<>(requests.size());
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < requests.size(); i = next.getAndIncrement()) {
            R result;
            if (System.nanoTime() - start > patience.toNanos()) {
              result =
                  failed.apply(
                      failure(
                          ApiException.unavailable(
                              "there was no time left for it (expected: fewer in one call; try it again)")));
            } else {
              result = run(requests.get(i), item, failed);
            }
            results.set(i, result);
          }
        };
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < Math.min(atOnce, requests.size()); i++) {
      workers.add(CompletableFuture.runAsync(worker, executor));
    }
    try {
      CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a failure belongs to its item", e);
    } finally {
      // Where nobody waits any more nothing more is begun.
      next.set(requests.size());
    }
    List<R> all = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      all.add(results.get(i));
    }
    return all;
  }

  private static <T, R> R run(T request, Item<T, R> item, Function<ItemFailure, R> failed) {
    try {
      return item.run(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed.apply(failure(e));
    } catch (RuntimeException e) {
      return failed.apply(failure(e));
    }
  }

  private static ItemFailure failure(Throwable cause) {
    Status status = Failures.status(cause);
    return ItemFailure.newBuilder()
        .setCode(status.getCode().name())
        .setStatus(Failures.httpStatus(cause, status).code())
        .setDetail(String.valueOf(status.getDescription()))
        .build();
  }
}
