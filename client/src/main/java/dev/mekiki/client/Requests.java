package dev.mekiki.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.QueryParamsBuilder;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchRequest;

/// Messages as requests over HTTP: pictures as they are, with everything else in the address. What
/// is too long for that goes as JSON. Stateless.
final class Requests {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  /// Characters of parameters that every server and proxy takes.
  private static final int LONGEST_QUERY = 2_000;

  private Requests() {}

  static HttpRequest get(String path, QueryParams parameters) {
    return HttpRequest.of(HttpMethod.GET, address(path, parameters));
  }

  static HttpRequest get(String path) {
    return HttpRequest.of(HttpMethod.GET, path);
  }

  static HttpRequest delete(String path, QueryParams parameters) {
    return HttpRequest.of(HttpMethod.DELETE, address(path, parameters));
  }

  static HttpRequest json(HttpMethod method, String path, Message body) {
    try {
      return HttpRequest.of(method, path, MediaType.JSON_UTF_8, PRINTER.print(body));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without JSON form", e);
    }
  }

  private static HttpRequest picture(
      HttpMethod method, String path, QueryParams parameters, byte[] picture) {
    return HttpRequest.of(
        method, address(path, parameters), MediaType.OCTET_STREAM, HttpData.wrap(picture));
  }

  private static String address(String path, QueryParams parameters) {
    return parameters.isEmpty() ? path : path + "?" + parameters.toQueryString();
  }

  static HttpRequest search(SearchRequest request) {
    String path = "/v1/search";
    if (!request.hasImage()) {
      return json(HttpMethod.POST, path, request);
    }
    QueryParamsBuilder parameters = QueryParams.builder();
    if (request.hasK()) {
      parameters.addInt("k", request.getK());
    }
    if (request.hasRadius()) {
      parameters.addInt("radius", request.getRadius());
    }
    if (request.getRequireComplete()) {
      parameters.add("requireComplete", "true");
    }
    if (request.hasCopies()) {
      parameters.add("copies", Boolean.toString(request.getCopies()));
    }
    if (request.hasTenant()) {
      parameters.add("tenant", request.getTenant());
    }
    request.getFilterMap().forEach((key, value) -> parameters.add("filter." + key, value));
    QueryParams built = parameters.build();
    return isShort(built)
        ? picture(HttpMethod.POST, path, built, request.getImage().toByteArray())
        : json(HttpMethod.POST, path, request);
  }

  /// @param request everything but the image
  /// @param image its bytes, not copied
  static HttpRequest put(PutImageRequest request, byte[] image) {
    String path = "/v1/images";
    QueryParamsBuilder parameters = QueryParams.builder().add("id", request.getId());
    request.getMetadataMap().forEach((key, value) -> parameters.add("metadata." + key, value));
    if (request.getMuteMatches()) {
      parameters.add("muteMatches", "true");
    }
    if (request.hasExpires()) {
      parameters.add("expires", Timestamps.toString(request.getExpires()));
    }
    if (request.hasTenant()) {
      parameters.add("tenant", request.getTenant());
    }
    if (!request.getSource().isEmpty()) {
      parameters.add("source", request.getSource());
    }
    QueryParams built = parameters.build();
    return isShort(built)
        ? picture(HttpMethod.PUT, path, built, image)
        : json(
            HttpMethod.PUT,
            path,
            request.toBuilder().setImage(UnsafeByteOperations.unsafeWrap(image)).build());
  }

  private static boolean isShort(QueryParams parameters) {
    return parameters.toQueryString().length() <= LONGEST_QUERY;
  }

  static HttpRequest images(ListImagesRequest request) {
    QueryParamsBuilder parameters =
        page(request.hasLimit(), request.getLimit(), request.getCursor());
    if (request.hasCenter()) {
      parameters.addInt("center", request.getCenter());
    }
    if (request.hasLabel()) {
      parameters.add("label", request.getLabel());
    }
    if (request.hasSince()) {
      parameters.add("since", Timestamps.toString(request.getSince()));
    }
    if (request.hasTenant()) {
      parameters.add("tenant", request.getTenant());
    }
    if (request.getRequireComplete()) {
      parameters.add("requireComplete", "true");
    }
    request.getFilterMap().forEach((key, value) -> parameters.add("filter." + key, value));
    return get("/v1/images", parameters.build());
  }

  static HttpRequest matches(ListMatchesRequest request) {
    QueryParamsBuilder parameters =
        page(request.hasLimit(), request.getLimit(), request.getCursor());
    if (request.getKind() != MatchKind.MATCH_KIND_UNSPECIFIED) {
      parameters.add("kind", request.getKind().name());
    }
    if (request.hasTenant()) {
      parameters.add("tenant", request.getTenant());
    }
    if (request.hasLabel()) {
      parameters.add("label", request.getLabel());
    }
    if (!request.getAfter().isEmpty()) {
      parameters.add("after", request.getAfter());
    }
    HttpRequest list = get("/v1/matches", parameters.build());
    return list.withHeaders(list.headers().toBuilder().accept(MediaType.JSON));
  }

  /// Parameters that say which page of a list.
  static QueryParamsBuilder page(boolean hasLimit, int limit, String cursor) {
    QueryParamsBuilder parameters = QueryParams.builder();
    if (hasLimit) {
      parameters.addInt("limit", limit);
    }
    if (!cursor.isEmpty()) {
      parameters.add("cursor", cursor);
    }
    return parameters;
  }
}
