package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Path;
import dev.mekiki.runtime.server.Caller;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Thumbnails over HTTP. A caller that names in `If-None-Match` the tag of what it has gets no
/// body.
final class ThumbnailHttpApi extends HttpCalls {
  private static final Pattern COMMA = Pattern.compile(",");

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
    return later(() -> answer(thumbnails.get(caller, id, tag -> has(headers, tag))));
  }

  /// Whether a request names what has a tag as what it has. A weak tag will do, as for every GET.
  private static boolean has(RequestHeaders headers, String tag) {
    String quoted = '"' + tag + '"';
    return headers.getAll(HttpHeaderNames.IF_NONE_MATCH).stream()
        .flatMap(COMMA::splitAsStream)
        .map(String::strip)
        .anyMatch(one -> one.equals("*") || one.equals(quoted) || one.equals("W/" + quoted));
  }

  private static HttpResponse answer(ThumbnailOperation.Picture picture) {
    @Nullable ByteString jpeg = picture.jpeg();
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(jpeg == null ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            // Who caches it asks each time: the image of the id may be another one by now, or the
            // caller's to see no more. Nobody caches it for others.
            .set(HttpHeaderNames.CACHE_CONTROL, "private, no-cache")
            .set(HttpHeaderNames.ETAG, '"' + picture.tag() + '"');
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
