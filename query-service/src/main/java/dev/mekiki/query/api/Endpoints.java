package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.docs.DocService;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.file.HttpFile;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.query.json.Json;
import dev.mekiki.query.policy.RecordedPolicy;
import dev.mekiki.runtime.config.TenantsConfig;
import dev.mekiki.runtime.server.OpenService;
import dev.mekiki.runtime.server.Permissions;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.Status;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executor;

/// Adds the API, its documentation and the page to a server:
///
/// - gRPC `mekiki.v1.Mekiki`, `mekiki.v1.Policy` and `mekiki.v1.Groups`, with reflection;
/// - the same as HTTP/JSON under `/v1`, and there also image bodies and server-sent events ({@link
///   HttpApi}, {@link MatchHttpApi}, {@link CenterHttpApi}, {@link GroupHttpApi}, {@link
///   PolicyHttpApi});
/// - `/v1/openapi.json`: what these paths take and answer, as an OpenAPI document;
/// - `/docs`: every method with its messages, and a form to call it;
/// - `/`: the page.
public final class Endpoints {
  /// Which role each endpoint needs.
  public static final Permissions PERMISSIONS = EndpointRoles.TABLE;

  /// Room in a request beside the image: id, metadata, JSON around them.
  private static final long REQUEST_HEADROOM = 1 << 20;

  /// The page runs and loads only what this service serves.
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /// Made of the code by a test, which also writes it.
  private static final String OPENAPI = "dev/mekiki/query/api/openapi.json";

  private Endpoints() {}

  /// Limits of requests.
  ///
  /// @param maxHits most hits of one search
  /// @param maxImageBytes most bytes of an image
  /// @param maxBodyBytes most bytes of all request bodies held at once
  public record RequestLimits(int maxHits, int maxImageBytes, long maxBodyBytes) {}

  /// Adds everything to the server.
  ///
  /// @param tenants how tenants are kept apart
  /// @param version of Mekiki, shown in the status
  /// @param executor runs the operations, which block
  public static void add(
      ServerBuilder server,
      Backend backend,
      RequestLimits limits,
      TenantsConfig tenants,
      String version,
      MeterRegistry meters,
      Executor executor) {
    RequestCheck check =
        new RequestCheck(limits.maxHits(), limits.maxImageBytes(), tenants.header());
    TenantRules rules = new TenantRules(tenants.shared());
    Operations operations =
        new Operations(
            backend,
            check,
            rules,
            new RecordedPolicy(backend.policy(), tenants.shared()),
            new SearchMetrics(meters),
            version);
    CenterOperation centers = new CenterOperation(backend, rules);
    GroupOperation groups = new GroupOperation(backend, check, rules);
    PolicyOperations policy =
        PolicyOperations.of(
            backend.policy(),
            backend.rematches(),
            new BackendPictures(backend, check),
            new QuarantineOperation(backend, rules),
            tenants.shared());
    BatchOperation batches =
        new BatchOperation(operations, limits.maxHits(), backend.limits().sendTimeout(), executor);
    // In JSON an image is base64, a third longer.
    long maxRequest = limits.maxImageBytes() / 3L * 4 + REQUEST_HEADROOM;
    Backend.Limits time = backend.limits();
    Duration longest =
        time.encodeTimeout()
            .plus(time.searchTimeout().multipliedBy(2))
            .plus(time.alignTimeout())
            .plus(time.sendTimeout())
            .plus(time.thumbnailTimeout())
            .plusSeconds(5);
    server
        .maxRequestLength(maxRequest)
        .requestTimeout(longest)
        .decorator(new BodyBudget(limits.maxBodyBytes(), maxRequest, meters))
        .annotatedService(new HttpApi(operations, groups, executor), Failures.http())
        .annotatedService(
            new ThumbnailHttpApi(new ThumbnailOperation(backend, check, rules), executor),
            Failures.http())
        .annotatedService(new CenterHttpApi(centers, executor), Failures.http())
        .annotatedService(new MatchHttpApi(operations, executor), Failures.http())
        .annotatedService(new BatchHttpApi(batches, executor), Failures.http())
        .annotatedService(new GroupHttpApi(groups, executor), Failures.http())
        .annotatedService(new PolicyHttpApi(policy, executor), Failures.http())
        .service(
            GrpcService.builder()
                .addService(new GrpcApi(operations, batches, centers, executor))
                .addService(new GroupGrpcApi(groups, executor))
                .addService(new PolicyGrpcApi(policy, executor))
                .addService(ProtoReflectionServiceV1.newInstance())
                .jsonMarshallerFactory(service -> Json.marshaller())
                .maxRequestMessageLength(Math.toIntExact(maxRequest))
                // The forms of /docs call methods so.
                .enableUnframedRequests(true)
                .unframedGrpcErrorHandler(Failures.unframed())
                .build(),
            Endpoints::refuseUnknownType)
        // Open like /docs: the same at every service.
        .service(
            "/v1/openapi.json",
            withProblems(
                HttpFile.builder(Endpoints.class.getClassLoader(), OPENAPI)
                    .contentType(MediaType.JSON_UTF_8)
                    .addHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                    .build()
                    .asService()))
        .service("/v1", new UnknownPath())
        .serviceUnder("/v1", new UnknownPath())
        // Open: a browser opens a page without a token. Both hold only files of this repository,
        // and
        // what they call checks the token.
        .serviceUnder(
            "/docs",
            withProblems(
                DocService.builder()
                    .exampleRequests(
                        MekikiGrpc.SERVICE_NAME,
                        "Search",
                        SearchRequest.newBuilder().setId("shoes/1.jpg").setK(10).build())
                    .build()))
        .serviceUnder(
            "/",
            withProblems(
                FileService.builder(Endpoints.class.getClassLoader(), "/dev/mekiki/query/page")
                    .addHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, PAGE_POLICY)
                    .addHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                    .addHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                    .addHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                    .build()));
  }

  /// A call with another type of body would be answered in plain text.
  private static HttpService refuseUnknownType(HttpService grpc) {
    return grpc.decorate((delegate, ctx, request) -> {
      MediaType type = request.contentType();
      if (type != null && isOfRpc(type.subtype())) {
        return delegate.serve(ctx, request);
      }
      return Failures.response(
          ApiException.of(
              Status.Code.INVALID_ARGUMENT,
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "content-type: %s (expected: application/grpc, or application/json for a call with JSON)"
                  .formatted(type == null ? "none" : BoundedText.quote(type.toString()))),
          request);
    });
  }

  private static boolean isOfRpc(String subtype) {
    return subtype.startsWith("grpc") || subtype.equals("json") || subtype.endsWith("protobuf");
  }

  /// Files that anyone may read. Their services answer errors with plain text; here it becomes what
  /// every other path answers.
  private static OpenService withProblems(HttpService files) {
    return new OpenService(
        files.decorate((delegate, ctx, request) ->
            HttpResponse.of(
                delegate
                    .serve(ctx, request)
                    .aggregate()
                    .thenApply(whole ->
                        whole.status().isError()
                            ? problem(whole.status(), request)
                            : whole.toHttpResponse()))));
  }

  private static HttpResponse problem(HttpStatus status, HttpRequest request) {
    HttpResponse problem =
        Failures.response(
            ApiException.of(
                status.equals(HttpStatus.NOT_FOUND)
                    ? Status.Code.NOT_FOUND
                    : Status.Code.UNIMPLEMENTED,
                status,
                "path: %s '%s' (expected: GET of /, /docs/ or a file of the page; the API is under /v1)"
                    .formatted(request.method(), BoundedText.quote(request.path()))),
            request);
    return status.equals(HttpStatus.METHOD_NOT_ALLOWED)
        ? problem.mapHeaders(
            headers -> headers.toBuilder().set(HttpHeaderNames.ALLOW, "GET, HEAD").build())
        : problem;
  }
}
