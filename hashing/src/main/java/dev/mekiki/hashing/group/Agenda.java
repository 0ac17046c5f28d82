package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import java.util.List;

/// What a partition has still to do: at once, in parts, or later. Used by one thread.
public interface Agenda {
  /// Something that is too much for one transaction.
  sealed interface Work {
    /// Announce the status of a content to those that match it.
    ///
    /// @param content the content
    /// @param after the last that has it
    record Announce(Content content, Content after) implements Work {}

    /// End the pairs of a revision that is gone.
    ///
    /// @param side the revision
    /// @param reason why it is gone
    record End(Side side, PairEnd.Reason reason) implements Work {}

    /// Let a content without images forget those that match it.
    ///
    /// @param content the content
    record Forget(Content content) implements Work {}
  }

  /// Something to look at later.
  sealed interface Reminder {
    /// Whether a content still has no image.
    ///
    /// @param content the content
    record Empty(Content content) implements Reminder {}

    /// Whether a revision that an event named has come.
    ///
    /// @param side the revision
    record Awaited(Side side) implements Reminder {}

    /// Nobody will ask any more whether a revision is gone.
    ///
    /// @param side the revision
    record Gone(Side side) implements Reminder {}

    /// Nobody will speak any more of a pair that has ended.
    ///
    /// @param content of the image that knows
    /// @param eventId id of the event that reported the pair
    /// @param role of the image that knows
    record Ended(Content content, String eventId, Role role) implements Reminder {}
  }

  /// A reminder with its time.
  ///
  /// @param millis milliseconds since the epoch
  /// @param reminder what to look at
  record Due(long millis, Reminder reminder) {}

  /// Notes work, in the place of work of the same kind on the same content or revision.
  void putWork(Work work);

  /// Removes work of the same kind on the same content or revision, if there is any.
  void removeWork(Work work);

  /// What is to be done.
  ///
  /// @param limit most to return
  List<Work> work(int limit);

  /// Notes a reminder.
  void putReminder(Due due);

  /// Removes a reminder.
  void removeReminder(Due due);

  /// Reminders whose time has come, the earliest first.
  ///
  /// @param nowMillis milliseconds since the epoch
  /// @param limit most to return
  List<Due> due(long nowMillis, int limit);
}
