package dev.mekiki.query;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Requests to a query service whose answers are waited for.
///
/// @param client for those whose answers are not
record TestHttp(WebClient client) {
  AggregatedHttpResponse get(String path) {
    return client.get(path).aggregate().join();
  }

  AggregatedHttpResponse delete(String path) {
    return client.delete(path).aggregate().join();
  }

  AggregatedHttpResponse execute(HttpRequest request) {
    return client.execute(request).aggregate().join();
  }

  AggregatedHttpResponse send(HttpMethod method, String path, MediaType type, byte[] body) {
    return execute(
        HttpRequest.builder().method(method).path(path).content(type, HttpData.wrap(body)).build());
  }

  /// Sends an image as its bytes.
  AggregatedHttpResponse put(String id, byte[] image) {
    return send(HttpMethod.PUT, "/v1/images?id=" + encoded(id), MediaType.JPEG, image);
  }

  /// An id as paths and parameters hold it.
  static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
