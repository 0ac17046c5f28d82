package dev.mekiki.query.rematch;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.RematchProgress;
import dev.mekiki.schemas.v1.RematchRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What the records on `rematch` say, read in their order: the last job that was accepted. A
/// request is accepted if no job was active where it stands, so all who read the topic agree on
/// which one is, also once compaction has removed superseded records: none of a key that matters
/// here is superseded but progress by later progress. Immutable.
///
/// @param job null where there was none
record RematchState(@Nullable Job job) {
  static final RematchState NONE = new RematchState(null);

  private static final String REQUEST = "request/";
  private static final String CANCEL = "cancel/";
  private static final String PROGRESS = "progress/";

  /// A job.
  ///
  /// @param request as it was asked for
  /// @param progress the last; null where nothing was done yet
  /// @param cancelledBy who wants it cancelled; null where nobody does
  record Job(Rematch request, @Nullable RematchProgress progress, @Nullable String cancelledBy) {
    String id() {
      return request.getId();
    }

    /// What it is now.
    Rematch view() {
      return progress == null ? request : progress.getJob();
    }

    boolean isActive() {
      State state = view().getState();
      return state != State.DONE && state != State.CANCELLED && state != State.FAILED;
    }
  }

  /// The job that is neither done, nor cancelled, nor failed; null where there is none.
  @Nullable Job active() {
    return job != null && job.isActive() ? job : null;
  }

  static byte[] requestKey(String id) {
    return (REQUEST + id).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] cancelKey(String id) {
    return (CANCEL + id).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] progressKey(String id) {
    return (PROGRESS + id).getBytes(StandardCharsets.UTF_8);
  }

  /// What it is after the next record.
  ///
  /// @throws InvalidProtocolBufferException where the record is none
  RematchState next(byte @Nullable [] key, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    if (key == null || value == null) {
      return this;
    }
    String name = new String(key, StandardCharsets.UTF_8);
    if (name.startsWith(REQUEST)) {
      Rematch asked = RematchRequest.parseFrom(value).getJob();
      return active() == null ? new RematchState(new Job(asked, null, null)) : this;
    }
    if (name.startsWith(CANCEL)) {
      Rematch asked = RematchRequest.parseFrom(value).getJob();
      return job != null && job.id().equals(asked.getId())
          ? new RematchState(new Job(job.request(), job.progress(), asked.getCancelledBy()))
          : this;
    }
    if (name.startsWith(PROGRESS)) {
      RematchProgress progress = RematchProgress.parseFrom(value);
      return job != null && job.id().equals(progress.getJob().getId())
          ? new RematchState(new Job(job.request(), progress, job.cancelledBy()))
          : this;
    }
    return this;
  }
}
