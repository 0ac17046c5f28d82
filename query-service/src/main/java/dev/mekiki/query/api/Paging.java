package dev.mekiki.query.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.mekiki.schemas.text.BoundedText;
import java.util.Base64;

/// What lists that are read in pages have in common: how long a page is, and cursors, which are
/// messages that only their list reads.
final class Paging {
  static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private Paging() {}

  /// Checks how many entries are asked for.
  ///
  /// @throws ApiException INVALID_ARGUMENT where these are none or too many
  static int limit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ApiException.invalid("limit: %d (expected: 1..%d)".formatted(limit, MAX_LIMIT));
    }
    return limit;
  }

  /// A cursor as text that a query may hold as it is.
  static String text(Message cursor) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.toByteArray());
  }

  /// The cursor that a text is.
  ///
  /// @throws ApiException INVALID_ARGUMENT where it is none
  static <T extends Message> T cursor(String text, Parser<T> parser) {
    try {
      return parser.parseFrom(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
      throw badCursor(text);
    }
  }

  /// The error for a text that is no cursor of the list.
  static ApiException badCursor(String text) {
    return ApiException.invalid(
        "cursor: '%s' (expected: the nextCursor of an answer to the same question)"
            .formatted(BoundedText.quote(text)));
  }
}
