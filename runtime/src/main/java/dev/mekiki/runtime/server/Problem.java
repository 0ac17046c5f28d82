package dev.mekiki.runtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestTarget;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// What HTTP says of a failure: a JSON body by RFC 9457 with the text that gRPC carries as its
/// status description. Its members:
///
/// - `type`, which is always `about:blank`: the status says what kind of problem it is;
/// - `title`, the phrase that HTTP has for the status, and `status`;
/// - `detail`: the input, the limit and the remedy;
/// - `instance`: the path of the request, where it has one of moderate length;
/// - `code`: the name of the gRPC status, which says more than that of HTTP.
public final class Problem {
  private static final MediaType TYPE = MediaType.parse("application/problem+json");

  /// Most characters of a path that is repeated: escaped, an id of the greatest length fits.
  private static final int MAX_PATH_LENGTH = 4096;

  private Problem() {}

  /// The response of a failed request.
  ///
  /// @param headers of the request; null where it has none that can be read
  public static HttpResponse response(
      Status status, HttpStatus httpStatus, @Nullable RequestHeaders headers) {
    return aggregated(status, httpStatus, headers).toHttpResponse();
  }

  /// The same as one whole.
  static AggregatedHttpResponse aggregated(
      Status status, HttpStatus httpStatus, @Nullable RequestHeaders headers) {
    String detail = status.getDescription();
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", httpStatus.reasonPhrase())
            .put("status", httpStatus.code())
            .put("detail", detail == null ? httpStatus.reasonPhrase() : detail);
    @Nullable String path = headers == null ? null : path(headers.path());
    if (path != null) {
      body.put("instance", path);
    }
    body.put("code", status.getCode().name());
    return AggregatedHttpResponse.of(httpStatus, TYPE, HttpData.ofUtf8(body.toString()));
  }

  /// The path without parameters, escaped as URIs are; null where it is none, or too long.
  private static @Nullable String path(String target) {
    if (target.length() > MAX_PATH_LENGTH) {
      return null;
    }
    @Nullable RequestTarget parsed = RequestTarget.forServer(target);
    return parsed == null ? null : parsed.path();
  }
}
