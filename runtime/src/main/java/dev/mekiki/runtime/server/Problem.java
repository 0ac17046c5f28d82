package dev.mekiki.runtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.grpc.Status;

/// What HTTP says of a failure: a JSON body by RFC 9457 with the text that gRPC carries as its
/// status description.
public final class Problem {
  private static final MediaType TYPE = MediaType.parse("application/problem+json");

  private Problem() {}

  /// The response of a failed request.
  public static HttpResponse response(Status status, HttpStatus httpStatus) {
    return aggregated(status, httpStatus).toHttpResponse();
  }

  /// The same as one whole.
  static AggregatedHttpResponse aggregated(Status status, HttpStatus httpStatus) {
    String detail = status.getDescription();
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", status.getCode().name())
            .put("status", httpStatus.code())
            .put("detail", detail == null ? httpStatus.reasonPhrase() : detail)
            .toString();
    return AggregatedHttpResponse.of(httpStatus, TYPE, HttpData.ofUtf8(body));
  }
}
