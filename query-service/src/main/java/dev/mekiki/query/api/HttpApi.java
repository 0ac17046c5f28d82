package dev.mekiki.query.api;

import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Path;
import com.linecorp.armeria.server.annotation.Post;
import com.linecorp.armeria.server.annotation.Put;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.DeleteImageResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImageResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The API as HTTP: the paths that `api.proto` names, but for those of matches, and image bytes as
/// bodies. An id is the rest of the path or the parameter `id`.
final class HttpApi extends HttpCalls {
  private static final String METADATA = "metadata.";
  private static final String FILTER = "filter.";
  private static final String IMAGE_BY_PATH = "regex:^/v1/images/(?<id>.+)$";
  private static final String IMAGE_BY_PARAMETER = "/v1/images";
  private static final String GROUP_OF_IMAGE = "/group";

  private final Operations operations;
  private final GroupOperation groups;

  /// @param executor runs the operations, which block
  HttpApi(Operations operations, GroupOperation groups, Executor executor) {
    super(executor);
    this.operations = operations;
    this.groups = groups;
  }

  /// Searches by the image in the body, or by the JSON of a `SearchRequest`.
  @Post("/v1/search")
  public HttpResponse search(ServiceRequestContext ctx, HttpRequest request) {
    return withBody(
        request,
        body ->
            json(
                operations.search(
                    Caller.of(ctx),
                    switch (body) {
                      case RequestBody.Image image -> searchByImage(parameters(ctx), image);
                      case RequestBody.JsonObject json -> {
                        refuseParametersBesideJson(ctx, "");
                        SearchRequest.Builder search = SearchRequest.newBuilder();
                        merge(json, search);
                        yield search.build();
                      }
                    })));
  }

  private static SearchRequest searchByImage(Parameters parameters, RequestBody.Image image) {
    image.fields().forEach(parameters::add);
    SearchRequest.Builder search =
        SearchRequest.newBuilder()
            .setImage(UnsafeByteOperations.unsafeWrap(image.bytes()))
            .putAllFilter(parameters.withPrefix(FILTER))
            .setRequireComplete(parameters.flag("requireComplete"))
            .setDescribe(parameters.flag("describe"));
    parameters.number("k").ifPresent(search::setK);
    parameters.number("radius").ifPresent(search::setRadius);
    parameters.text("tenant").ifPresent(search::setTenant);
    if (parameters.text("copies").isPresent()) {
      search.setCopies(parameters.flag("copies"));
    }
    parameters.refuseOthers();
    return search.build();
  }

  /// Compares two indexed images.
  @Get("/v1/compare")
  public HttpResponse compare(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    CompareRequest.Builder request = CompareRequest.newBuilder();
    parameters.text("a").ifPresent(request::setA);
    parameters.text("b").ifPresent(request::setB);
    parameters.refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(operations.compare(caller, request.build())));
  }

  /// Compares the picture in the body with an indexed image, or what the JSON of a `CompareRequest`
  /// names.
  @Post("/v1/compare")
  public HttpResponse comparePicture(ServiceRequestContext ctx, HttpRequest request) {
    return withBody(
        request,
        body -> {
          CompareRequest.Builder pair = CompareRequest.newBuilder();
          switch (body) {
            case RequestBody.Image image -> {
              Parameters parameters = parameters(ctx);
              image.fields().forEach(parameters::add);
              pair.setImageA(UnsafeByteOperations.unsafeWrap(image.bytes()));
              parameters.text("b").ifPresent(pair::setB);
              parameters.refuseOthers();
            }
            case RequestBody.JsonObject json -> {
              refuseParametersBesideJson(ctx, "");
              merge(json, pair);
            }
          }
          return json(operations.compare(Caller.of(ctx), pair.build()));
        });
  }

  /// Everything known of an image; or, where there is none and the path ends with `/group`, the
  /// group of the image before that; or, where no id is given, some images.
  @Get
  @Path(IMAGE_BY_PATH)
  @Path(IMAGE_BY_PARAMETER)
  public HttpResponse get(ServiceRequestContext ctx) {
    @Nullable String path = ctx.pathParam("id");
    if (path != null && path.length() > GROUP_OF_IMAGE.length() && path.endsWith(GROUP_OF_IMAGE)) {
      return imageOrGroup(ctx, path);
    }
    Parameters parameters = parameters(ctx);
    Optional<String> id = Optional.ofNullable(path).or(() -> parameters.text("id"));
    if (id.isEmpty()) {
      ListImagesRequest list = listed(parameters);
      return later(() -> json(operations.list(Caller.of(ctx), list)));
    }
    parameters.refuseOthers();
    return later(() -> json(operations.get(Caller.of(ctx), id.get())));
  }

  private static ListImagesRequest listed(Parameters parameters) {
    ListImagesRequest.Builder list =
        ListImagesRequest.newBuilder()
            .putAllFilter(parameters.withPrefix(FILTER))
            .setRequireComplete(parameters.flag("requireComplete"));
    parameters.number("limit").ifPresent(list::setLimit);
    parameters.text("cursor").ifPresent(list::setCursor);
    parameters.number("center").ifPresent(list::setCenter);
    parameters.text("label").ifPresent(list::setLabel);
    parameters.time("since").map(Timestamps::fromMillis).ifPresent(list::setSince);
    parameters.text("tenant").ifPresent(list::setTenant);
    parameters.refuseOthers();
    return list.build();
  }

  /// Ids may end in any way: an image that has the whole path as its id comes first.
  private HttpResponse imageOrGroup(ServiceRequestContext ctx, String path) {
    String image = path.substring(0, path.length() - GROUP_OF_IMAGE.length());
    GetImageGroupRequest request = GroupHttpApi.imageGroup(image, parameters(ctx));
    Caller caller = Caller.of(ctx);
    return later(() -> {
      try {
        return json(operations.get(caller, path));
      } catch (ApiException e) {
        if (e.code() != Status.Code.NOT_FOUND) {
          throw e;
        }
        return json(groups.of(caller, request));
      }
    });
  }

  /// Sends the image in the body, or in the JSON of a `PutImageRequest`. POST does the same as PUT,
  /// which HTML forms cannot send.
  @Put
  @Post
  @Path(IMAGE_BY_PATH)
  @Path(IMAGE_BY_PARAMETER)
  public HttpResponse put(ServiceRequestContext ctx, HttpRequest request) {
    return withBody(
        request,
        body ->
            switch (body) {
              case RequestBody.Image image -> putImage(ctx, image);
              case RequestBody.JsonObject json -> putJson(ctx, json);
            });
  }

  private HttpResponse putImage(ServiceRequestContext ctx, RequestBody.Image image)
      throws InterruptedException {
    Parameters parameters = parameters(ctx);
    image.fields().forEach(parameters::add);
    String id = id(ctx, parameters);
    ImageUpload upload =
        new ImageUpload(
            image.bytes(),
            image.contentType(),
            parameters.withPrefix(METADATA),
            parameters.flag("muteMatches"),
            parameters.time("expires").orElse(null),
            parameters.text("tenant").orElse(null),
            parameters.text("source").orElse(""));
    parameters.refuseOthers();
    return put(ctx, id, upload);
  }

  private HttpResponse putJson(ServiceRequestContext ctx, RequestBody.JsonObject json)
      throws InterruptedException {
    Optional<String> pathId = Optional.ofNullable(ctx.pathParam("id"));
    refuseParametersBesideJson(ctx, pathId.isPresent() ? "" : "id");
    PutImageRequest.Builder request = PutImageRequest.newBuilder();
    merge(json, request);
    String id = pathId.or(() -> parameters(ctx).text("id")).orElse(request.getId());
    if (!request.getId().isEmpty() && !request.getId().equals(id)) {
      throw ApiException.invalid(
          "id: '%s' in the JSON (expected: the id of the path, or none)"
              .formatted(BoundedText.quote(request.getId())));
    }
    return put(ctx, id, ImageUpload.of(request.build()));
  }

  private HttpResponse put(ServiceRequestContext ctx, String id, ImageUpload upload)
      throws InterruptedException {
    return json(
        PutImageResponse.newBuilder()
            .setSource(operations.put(Caller.of(ctx), id, upload))
            .build());
  }

  /// Deletes an image.
  @Delete
  @Path(IMAGE_BY_PATH)
  @Path(IMAGE_BY_PARAMETER)
  public HttpResponse delete(ServiceRequestContext ctx) {
    String id = id(ctx);
    return later(() ->
        json(
            DeleteImageResponse.newBuilder()
                .setSource(operations.delete(Caller.of(ctx), id))
                .build()));
  }

  /// Generation, partitions and counts.
  @Get("/v1/status")
  public HttpResponse status(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    return later(() -> json(operations.status(Caller.of(ctx))));
  }

  /// Who calls, and what its token allows.
  @Get("/v1/session")
  public HttpResponse session(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    return json(Operations.session(Caller.of(ctx)));
  }
}
