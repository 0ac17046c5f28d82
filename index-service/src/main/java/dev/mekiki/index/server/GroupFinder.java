package dev.mekiki.index.server;

import static dev.mekiki.index.server.IndexEndpoint.invalid;
import static dev.mekiki.index.server.IndexEndpoint.refused;

import dev.mekiki.index.groups.GroupReader;
import dev.mekiki.index.groups.GroupReader.NotActiveException;
import dev.mekiki.index.record.DefectiveRecordException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/// Turns what keeps a question about groups from being answered into refusals. Thread-safe.
///
/// @param reader answers; null where groups are not kept
record GroupFinder(@Nullable GroupReader reader) {
  /// A question.
  interface Question<T> {
    T ask(GroupReader reader) throws DefectiveRecordException, NotActiveException;
  }

  /// The answer.
  ///
  /// @throws StatusRuntimeException where there is none
  <T> T answer(Question<T> question) {
    if (reader == null) {
      throw refused(Status.FAILED_PRECONDITION, "groups are not kept (expected: mekiki.groups=on)");
    }
    try {
      return question.ask(reader);
    } catch (DefectiveRecordException e) {
      throw invalid(String.valueOf(e.getMessage()));
    } catch (NotActiveException e) {
      throw refused(Status.FAILED_PRECONDITION, String.valueOf(e.getMessage()));
    } catch (InvalidStateStoreException e) {
      // It was closed in between.
      throw refused(Status.UNAVAILABLE, "the partition is moving to another instance");
    }
  }
}
