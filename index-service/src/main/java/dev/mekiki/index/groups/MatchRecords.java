package dev.mekiki.index.groups;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// The events on `matches` as groups read them. Stateless.
final class MatchRecords {
  private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

  private MatchRecords() {}

  /// The pair that an event reports; null where it reports none, or one of another generation.
  ///
  /// @throws DefectiveRecordException where it does not say which images it is about
  static @Nullable ReportedMatch parse(
      Headers headers, byte @Nullable [] value, String generation, GroupSettings settings)
      throws DefectiveRecordException {
    if (!MatchEvents.reportsPair(headers)) {
      return null;
    }
    if (value == null) {
      throw new DefectiveRecordException("value", "value: none (expected: a Match as JSON)");
    }
    Match.Builder match = Match.newBuilder();
    try {
      JSON.merge(new String(value, StandardCharsets.UTF_8), match);
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no Match as JSON".formatted(value.length), e);
    }
    return match.getGeneration().equals(generation)
        ? ReportedMatch.of(ReportedMatch.slim(match.build()), settings)
        : null;
  }
}
