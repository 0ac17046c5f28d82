package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Get;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import java.util.concurrent.Executor;

/// The service `Groups` as HTTP: the paths that `groups.proto` names, but for that of an image's
/// group, which {@link HttpApi} distinguishes from the image's own.
final class GroupHttpApi extends HttpCalls {
  private final GroupOperation groups;

  GroupHttpApi(GroupOperation groups, Executor executor) {
    super(executor);
    this.groups = groups;
  }

  /// All groups, some at a time.
  @Get("/v1/groups")
  public HttpResponse list(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    ListGroupsRequest.Builder request = ListGroupsRequest.newBuilder();
    parameters.number("limit").ifPresent(request::setLimit);
    parameters.text("cursor").ifPresent(request::setCursor);
    parameters.text("tenant").ifPresent(request::setTenant);
    parameters.refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(groups.list(caller, request.build())));
  }

  /// The group of an image.
  @Get("/v1/groups/of")
  public HttpResponse ofImage(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    String id =
        parameters
            .text("id")
            .orElseThrow(
                () -> ApiException.invalid("id: none (expected: the id of an image, as ?id=ID)"));
    GetImageGroupRequest request = imageGroup(id, parameters);
    Caller caller = Caller.of(ctx);
    return later(() -> json(groups.of(caller, request)));
  }

  /// The question about the group of an image that a request asks.
  ///
  /// @param id of the image
  static GetImageGroupRequest imageGroup(String id, Parameters parameters) {
    GetImageGroupRequest.Builder request = GetImageGroupRequest.newBuilder().setImageId(id);
    parameters.number("limit").ifPresent(request::setLimit);
    parameters.refuseOthers();
    return request.build();
  }

  /// A group, with some of its members.
  @Get("regex:^/v1/groups/(?<id>.+)$")
  public HttpResponse get(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    GetGroupRequest.Builder request = GetGroupRequest.newBuilder();
    parameters.number("limit").ifPresent(request::setLimit);
    parameters.text("cursor").ifPresent(request::setCursor);
    request.setId(id(ctx, parameters));
    parameters.refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(groups.get(caller, request.build())));
  }
}
