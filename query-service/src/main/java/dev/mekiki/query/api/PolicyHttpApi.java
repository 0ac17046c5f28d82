package dev.mekiki.query.api;

import com.google.protobuf.UnsafeByteOperations;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Path;
import com.linecorp.armeria.server.annotation.Post;
import com.linecorp.armeria.server.annotation.Put;
import dev.mekiki.query.policy.Scope;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import java.util.Optional;
import java.util.concurrent.Executor;

/// The service `Policy` as HTTP: the paths that `policy.proto` names, and a picture to be muted as
/// a body. An id is the rest of the path or the parameter `id`.
final class PolicyHttpApi extends HttpCalls {
  private static final String MUTES = "/v1/mutes";
  private static final String VERDICTS = "/v1/verdicts";
  private static final String TENANTS = "/v1/tenants";
  private static final String REMATCH = "/v1/rematch";

  private final PolicyOperations operations;

  PolicyHttpApi(PolicyOperations operations, Executor executor) {
    super(executor);
    this.operations = operations;
  }

  /// Mutes the picture in the body, or what the JSON of a `CreateMuteRequest` names.
  @Post(MUTES)
  public HttpResponse createMute(ServiceRequestContext ctx, HttpRequest request) {
    Caller caller = Caller.of(ctx);
    return withBody(
        request,
        body ->
            json(
                operations.createMute(
                    switch (body) {
                      case RequestBody.Image image -> mutedPicture(parameters(ctx), image);
                      case RequestBody.JsonObject json ->
                          merged(ctx, json, CreateMuteRequest.newBuilder()).build();
                    },
                    caller)));
  }

  private static CreateMuteRequest mutedPicture(Parameters parameters, RequestBody.Image image) {
    image.fields().forEach(parameters::add);
    CreateMuteRequest.Builder mute =
        CreateMuteRequest.newBuilder()
            .setImage(UnsafeByteOperations.unsafeWrap(image.bytes()))
            .setForce(parameters.flag("force"));
    parameters.number("radius").ifPresent(mute::setRadius);
    parameters.text("tenant").ifPresent(mute::setTenant);
    parameters.text("author").ifPresent(mute::setAuthor);
    parameters.text("reason").ifPresent(mute::setReason);
    parameters.refuseOthers();
    return mute.build();
  }

  /// All mutes.
  @Get(MUTES)
  public HttpResponse listMutes(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    Scope scope = operations.scope(Caller.of(ctx));
    return later(() -> json(operations.mutes().list(scope)));
  }

  /// Removes a mute.
  @Delete
  @Path("regex:^/v1/mutes/(?<id>.+)$")
  @Path(MUTES)
  public HttpResponse deleteMute(ServiceRequestContext ctx) {
    DeleteMuteRequest mute = DeleteMuteRequest.newBuilder().setId(id(ctx)).build();
    Caller caller = Caller.of(ctx);
    return later(() -> json(operations.deleteMute(mute, caller)));
  }

  /// Confirms or dismisses a pair, as the JSON of a `PutVerdictRequest` says.
  @Put(VERDICTS)
  public HttpResponse putVerdict(ServiceRequestContext ctx, HttpRequest request) {
    Caller caller = Caller.of(ctx);
    return withBody(
        request,
        body ->
            json(
                operations.putVerdict(
                    merged(ctx, object(body), PutVerdictRequest.newBuilder()).build(), caller)));
  }

  /// Verdicts, the newest first.
  @Get(VERDICTS)
  public HttpResponse listVerdicts(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    ListVerdictsRequest.Builder list = ListVerdictsRequest.newBuilder();
    parameters.number("limit").ifPresent(list::setLimit);
    parameters.text("cursor").ifPresent(list::setCursor);
    parameters.refuseOthers();
    Scope scope = operations.scope(Caller.of(ctx));
    return later(() -> json(operations.verdicts().list(list.build(), scope)));
  }

  /// Withdraws a verdict, by its id or by its images `a` and `b`.
  @Delete
  @Path("regex:^/v1/verdicts/(?<id>.+)$")
  @Path(VERDICTS)
  public HttpResponse deleteVerdict(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    DeleteVerdictRequest.Builder verdict = DeleteVerdictRequest.newBuilder();
    Optional.ofNullable(ctx.pathParam("id"))
        .or(() -> parameters.text("id"))
        .ifPresent(verdict::setId);
    parameters.text("a").ifPresent(verdict::setA);
    parameters.text("b").ifPresent(verdict::setB);
    parameters.refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(operations.deleteVerdict(verdict.build(), caller)));
  }

  /// What flood control holds back now.
  @Get("/v1/quarantine")
  public HttpResponse listQuarantine(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(operations.quarantine().list(caller)));
  }

  /// The thresholds of all tenants that have some.
  @Get(TENANTS)
  public HttpResponse listTenants(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    Scope scope = operations.scope(Caller.of(ctx));
    return later(() -> json(operations.tenants().list(scope)));
  }

  /// Sets the thresholds of a tenant, as the JSON of `TenantSettings` says.
  @Put(TENANTS)
  public HttpResponse putTenant(ServiceRequestContext ctx, HttpRequest request) {
    Caller caller = Caller.of(ctx);
    return withBody(
        request,
        body ->
            json(
                operations.putTenant(
                    merged(ctx, object(body), TenantSettings.newBuilder()).build(), caller)));
  }

  /// Begins a rematch, as the JSON of a `StartRematchRequest` says.
  @Post(REMATCH)
  public HttpResponse startRematch(ServiceRequestContext ctx, HttpRequest request) {
    Caller caller = Caller.of(ctx);
    return withBody(
        request,
        body ->
            json(
                operations.startRematch(
                    merged(ctx, object(body), StartRematchRequest.newBuilder()).build(), caller)));
  }

  /// The last rematch.
  @Get(REMATCH)
  public HttpResponse getRematch(ServiceRequestContext ctx) {
    parameters(ctx).refuseOthers();
    Scope scope = operations.scope(Caller.of(ctx));
    return later(() -> json(operations.rematches().get(scope)));
  }

  /// Cancels the rematch that runs.
  @Delete(REMATCH)
  public HttpResponse cancelRematch(ServiceRequestContext ctx) {
    Parameters parameters = parameters(ctx);
    CancelRematchRequest.Builder cancel = CancelRematchRequest.newBuilder();
    parameters.text("author").ifPresent(cancel::setAuthor);
    parameters.refuseOthers();
    Caller caller = Caller.of(ctx);
    return later(() -> json(operations.cancelRematch(cancel.build(), caller)));
  }
}
