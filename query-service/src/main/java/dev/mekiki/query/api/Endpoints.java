package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.docs.DocService;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingOptions;
import com.linecorp.armeria.server.grpc.HttpJsonTranscodingQueryParamMatchRule;
import dev.mekiki.runtime.server.OpenService;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executor;

/// Hangs the API, its documentation and the page onto a server:
///
/// - gRPC `mekiki.v1.Mekiki`, with reflection, and the same as HTTP/JSON under `/v1`;
/// - image bodies and server-sent events ({@link PlainHttp}), also under `/v1`;
/// - `/docs`: every method with its messages, and a form to call it;
/// - `/`: the page.
public final class Endpoints {
  /// Room in a request beside the image: id, metadata, JSON around them.
  private static final long REQUEST_HEADROOM = 1 << 20;

  /// The page runs nothing and loads nothing but what this service serves.
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Endpoints() {}

  /// What users may ask for.
  ///
  /// @param maxHits most hits of one search
  /// @param maxImageBytes most bytes of an image
  public record RequestLimits(int maxHits, int maxImageBytes) {}

  /// Adds everything to the server.
  ///
  /// @param version of Mekiki, shown in the status
  /// @param executor runs the operations, which block
  public static void add(
      ServerBuilder server,
      Backend backend,
      RequestLimits limits,
      String version,
      MeterRegistry meters,
      Executor executor) {
    RequestCheck check = new RequestCheck(limits.maxHits(), limits.maxImageBytes());
    Operations operations = new Operations(backend, check, new SearchMetrics(meters), version);
    // In JSON an image is base64, a third longer.
    long maxRequest = limits.maxImageBytes() / 3L * 4 + REQUEST_HEADROOM;
    Backend.Limits time = backend.limits();
    Duration longest =
        time.encodeTimeout().plus(time.searchTimeout()).plus(time.sendTimeout()).plusSeconds(5);
    server
        .maxRequestLength(maxRequest)
        .requestTimeout(longest)
        // Before the transcoded routes, which would take any content type.
        .annotatedService(new PlainHttp(operations, backend.matches(), executor), Failures.plain())
        .service(
            GrpcService.builder()
                .addService(new MekikiApi(operations, backend.matches(), executor))
                .addService(ProtoReflectionServiceV1.newInstance())
                .jsonMarshallerFactory(service -> Json.marshaller())
                .maxRequestMessageLength(Math.toIntExact(maxRequest))
                .enableHttpJsonTranscoding(
                    HttpJsonTranscodingOptions.builder()
                        .queryParamMatchRules(
                            HttpJsonTranscodingQueryParamMatchRule.LOWER_CAMEL_CASE,
                            HttpJsonTranscodingQueryParamMatchRule.ORIGINAL_FIELD)
                        .errorHandler(Failures.transcoded())
                        .build())
                .build())
        // Open, for a browser that opens a page names no token. Both hold what this repository
        // does, and what they call asks for the token.
        .serviceUnder(
            "/docs",
            new OpenService(
                DocService.builder()
                    .exampleRequests(
                        MekikiGrpc.SERVICE_NAME,
                        "Search",
                        SearchRequest.newBuilder().setId("shoes/1.jpg").setK(10).build())
                    .build()))
        .serviceUnder(
            "/",
            new OpenService(
                FileService.builder(Endpoints.class.getClassLoader(), "/dev/mekiki/query/page")
                    .addHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, PAGE_POLICY)
                    .addHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                    .addHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                    .addHeader(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                    .build()));
  }
}
