package dev.mekiki.query.api;

import com.google.common.hash.Hashing;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Get;
import dev.mekiki.query.json.Json;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.ListCentersRequest;
import dev.mekiki.schemas.v1.ListCentersResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/// Hash centers over HTTP. A caller that names in `If-None-Match` the tag of what it has gets no
/// body.
final class CenterHttpApi extends HttpCalls {
  private final CenterOperation centers;

  /// @param executor runs the operations, which block
  CenterHttpApi(CenterOperation centers, Executor executor) {
    super(executor);
    this.centers = centers;
  }

  /// Some of the centers.
  @Get("/v1/centers")
  public HttpResponse list(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    ListCentersRequest.Builder request = ListCentersRequest.newBuilder();
    parameters.number("limit").ifPresent(request::setLimit);
    parameters.text("cursor").ifPresent(request::setCursor);
    parameters.refuseOthers();
    RequestHeaders headers = ctx.request().headers();
    return later(() -> answer(headers, centers.list(request.build())));
  }

  private static HttpResponse answer(RequestHeaders headers, ListCentersResponse page) {
    EntityTag tag = new EntityTag(Hashing.sha256().hashBytes(page.toByteArray()).toString());
    return tag.isNamedBy(headers)
        ? HttpResponse.of(tag.headers(HttpStatus.NOT_MODIFIED).build())
        : HttpResponse.of(
            tag.headers(HttpStatus.OK).contentType(MediaType.JSON_UTF_8).build(),
            HttpData.wrap(Json.print(page).getBytes(StandardCharsets.UTF_8)));
  }

  /// How many images they have.
  @Get("/v1/centers/sizes")
  public HttpResponse sizes(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(centers.sizes(caller)));
  }
}
