package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Path;
import dev.mekiki.runtime.server.Caller;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Thumbnails over HTTP. A caller that names in `If-None-Match` the tag of what it has gets no
/// body.
final class ThumbnailHttpApi extends HttpCalls {
  private final ThumbnailOperation thumbnails;

  /// @param executor runs the operations, which block
  ThumbnailHttpApi(ThumbnailOperation thumbnails, Executor executor) {
    super(executor);
    this.thumbnails = thumbnails;
  }

  /// The thumbnail of an image.
  @Get
  @Path("regex:^/v1/thumbnails/(?<id>.+)$")
  @Path("/v1/thumbnails")
  public HttpResponse thumbnail(ServiceRequestContext ctx) {
    String id = id(ctx);
    Caller caller = Caller.of(ctx);
    RequestHeaders headers = ctx.request().headers();
    return later(
        () -> answer(thumbnails.get(caller, id, tag -> new EntityTag(tag).isNamedBy(headers))));
  }

  private static HttpResponse answer(ThumbnailOperation.Picture picture) {
    @Nullable ByteString jpeg = picture.jpeg();
    ResponseHeadersBuilder headers =
        new EntityTag(picture.tag())
            .headers(jpeg == null ? HttpStatus.NOT_MODIFIED : HttpStatus.OK);
    if (jpeg == null) {
      return HttpResponse.of(headers.build());
    }
    return HttpResponse.of(
        headers
            .contentType(MediaType.JPEG)
            // Served from the page's origin: a browser must treat it as a picture and nothing else.
            .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
            .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
            .build(),
        HttpData.wrap(jpeg.toByteArray()));
  }
}
