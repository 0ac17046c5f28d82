package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Post;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.runtime.server.RequestCost;
import dev.mekiki.schemas.v1.PutImagesRequest;
import dev.mekiki.schemas.v1.SearchManyRequest;
import java.util.concurrent.Executor;

/// Several searches, and several images, as HTTP. Each counts as a request for the rate limit.
final class BatchHttpApi extends HttpCalls {
  private final BatchOperation batches;

  /// @param executor runs the operations, which block
  BatchHttpApi(BatchOperation batches, Executor executor) {
    super(executor);
    this.batches = batches;
  }

  /// The searches of a `SearchManyRequest`.
  @Post("/v1/batch/search")
  public HttpResponse search(ServiceRequestContext ctx, HttpRequest request) {
    return withBody(
        request,
        body -> {
          SearchManyRequest searches =
              merged(ctx, object(body), SearchManyRequest.newBuilder()).build();
          RequestCost.of(ctx).raise(searches.getSearchesCount());
          return json(batches.search(Caller.of(ctx), searches));
        });
  }

  /// The images of a `PutImagesRequest`.
  @Post("/v1/batch/images")
  public HttpResponse put(ServiceRequestContext ctx, HttpRequest request) {
    return withBody(
        request,
        body -> {
          PutImagesRequest images =
              merged(ctx, object(body), PutImagesRequest.newBuilder()).build();
          RequestCost.of(ctx).raise(images.getImagesCount());
          return json(batches.put(Caller.of(ctx), images));
        });
  }
}
