package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Consumes;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Header;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Path;
import com.linecorp.armeria.server.annotation.Post;
import com.linecorp.armeria.server.annotation.Put;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import dev.mekiki.query.matches.MatchFeed;
import dev.mekiki.query.matches.Positions;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.PutImageResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// What transcoding cannot say: image bytes as request and response bodies, and matches as
/// server-sent events.
final class PlainHttp {
  private static final String METADATA = "metadata.";
  private static final String FILTER = "filter.";

  private final Operations operations;
  private final MatchFeed matches;
  private final Executor executor;

  PlainHttp(Operations operations, MatchFeed matches, Executor executor) {
    this.operations = operations;
    this.matches = matches;
    this.executor = executor;
  }

  /// Searches by the image in the body.
  @Post("/v1/search")
  @Consumes("image/*")
  @Consumes("application/octet-stream")
  public HttpResponse search(HttpData body, QueryParams params) {
    return later(() -> {
      SearchRequest.Builder request =
          SearchRequest.newBuilder().setImage(ByteString.copyFrom(body.array()));
      request.putAllFilter(named(params, FILTER));
      optionalInt(params, "k").ifPresent(request::setK);
      optionalInt(params, "radius").ifPresent(request::setRadius);
      request.setRequireComplete(flag(params, "requireComplete"));
      return json(operations.search(request.build()));
    });
  }

  /// Sends the image in the body; the id is the rest of the path, or a parameter.
  @Put
  @Path("regex:^/v1/images/(?<id>.+)$")
  @Path("/v1/images")
  @Consumes("image/*")
  @Consumes("application/octet-stream")
  public HttpResponse put(
      @Param("id") String id,
      @Header("content-type") String contentType,
      HttpData body,
      QueryParams params) {
    return later(() -> putImage(id, contentType, body, params));
  }

  private HttpResponse putImage(String id, String contentType, HttpData body, QueryParams params)
      throws InterruptedException {
    return json(
        PutImageResponse.newBuilder()
            .setSource(
                operations.put(
                    id,
                    ByteString.copyFrom(body.array()),
                    contentType,
                    named(params, METADATA),
                    flag(params, "muteMatches")))
            .build());
  }

  /// The thumbnail of an image; the id is the rest of the path, or a parameter.
  @Get
  @Path("regex:^/v1/thumbnails/(?<id>.+)$")
  @Path("/v1/thumbnails")
  public HttpResponse thumbnail(@Param("id") String id) {
    return later(() -> thumbnailOf(id));
  }

  private HttpResponse thumbnailOf(String id) throws InterruptedException {
    Image image = operations.get(id);
    if (image.getThumbnail().isEmpty()) {
      throw new ApiException(
          Status.Code.NOT_FOUND,
          "id: '%s' has no thumbnail (expected: an image indexed with thumbnails switched on)"
              .formatted(id));
    }
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.JPEG)
            // Served from the page's origin: nothing in it may be taken for anything but a picture.
            .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
            .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
            .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
            .set(HttpHeaderNames.ETAG, '"' + image.getSha256() + '"')
            .build(),
        HttpData.wrap(image.getThumbnail().toByteArray()));
  }

  /// Matches as server-sent events, until the client goes.
  @Get("/v1/matches")
  public HttpResponse matches(ServiceRequestContext ctx, QueryParams params) {
    ctx.clearRequestTimeout();
    StreamWriter<ServerSentEvent> events = StreamMessage.streaming();
    matches.subscribe(from(ctx, params), new SseMatchSink(events));
    return ServerSentEvents.fromPublisher(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.EVENT_STREAM)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build(),
        events);
  }

  private static MatchFeed.From from(ServiceRequestContext ctx, QueryParams params) {
    Optional<Positions> last =
        Optional.ofNullable(ctx.request().headers().get("last-event-id"))
            .or(() -> Optional.ofNullable(params.get("after")))
            .flatMap(Positions::parse);
    if (last.isPresent()) {
      return new MatchFeed.From.After(last.get());
    }
    return flag(params, "fromBeginning")
        ? new MatchFeed.From.Beginning(flag(params, "endAtPresent"))
        : new MatchFeed.From.Now();
  }

  /// The parameters whose names begin alike, without that beginning.
  private static Map<String, String> named(QueryParams params, String beginning) {
    Map<String, String> named = new HashMap<>();
    params.forEach((name, value) -> {
      if (name.startsWith(beginning)) {
        named.put(name.substring(beginning.length()), value);
      }
    });
    return named;
  }

  private static Optional<Integer> optionalInt(QueryParams params, String name) {
    String text = params.get(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException e) {
      throw ApiException.invalid("%s: '%s' (expected: a whole number)".formatted(name, text));
    }
  }

  private static boolean flag(QueryParams params, String name) {
    String text = params.get(name, "false");
    return switch (text) {
      case "true", "" -> true;
      case "false" -> false;
      default ->
          throw ApiException.invalid("%s: '%s' (expected: true or false)".formatted(name, text));
    };
  }

  private static HttpResponse json(Message message) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, Json.print(message));
  }

  private HttpResponse later(Callable<HttpResponse> operation) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return operation.call();
              } catch (RuntimeException e) {
                throw e;
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            },
            executor));
  }
}
