package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.util.regex.Pattern;

/// The tag of an answer that a caller may have already.
///
/// @param text another one for another answer: letters, digits and `-`
record EntityTag(String text) {
  private static final Pattern COMMA = Pattern.compile(",");

  private String quoted() {
    return '"' + text + '"';
  }

  /// Whether a request names what has this tag as what it has. A weak tag will do, as for every
  /// GET.
  boolean isNamedBy(RequestHeaders headers) {
    return headers.getAll(HttpHeaderNames.IF_NONE_MATCH).stream()
        .flatMap(COMMA::splitAsStream)
        .map(String::strip)
        .anyMatch(one -> one.equals("*") || one.equals(quoted()) || one.equals("W/" + quoted()));
  }

  /// The headers of an answer with this tag. Who keeps it asks each time: it may be another one by
  /// now, or the caller's to see no more. Nobody keeps it for others.
  ResponseHeadersBuilder headers(HttpStatus status) {
    return ResponseHeaders.builder(status)
        .set(HttpHeaderNames.CACHE_CONTROL, "private, no-cache")
        .set(HttpHeaderNames.ETAG, quoted());
  }
}
