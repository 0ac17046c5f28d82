package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Agenda;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import dev.mekiki.index.groups.GroupKeys.Kind;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.schemas.v1.GroupTask;
import dev.mekiki.schemas.v1.TaskEnding;
import dev.mekiki.schemas.v1.TaskRevision;
import java.util.List;

/// What a partition of contents has still to do. Owned by one stream thread.
///
/// @param entries of the store
record TaskStore(EntryWriter entries) implements Agenda {
  @Override
  public void putWork(Work work) {
    entries.put(key(work), task(work));
  }

  @Override
  public void removeWork(Work work) {
    entries.removeIfThere(key(work));
  }

  private static GroupKeys key(Work work) {
    return switch (work) {
      case Work.Announce(var content, _) -> GroupKeys.of(Kind.WORK).small(0).content(content);
      case Work.End(var side, _) -> GroupKeys.of(Kind.WORK).small(1).side(side);
      case Work.Forget(var content) -> GroupKeys.of(Kind.WORK).small(2).content(content);
    };
  }

  private static GroupTask task(Work work) {
    GroupTask.Builder task = GroupTask.newBuilder();
    switch (work) {
      case Work.Announce(var content, var after) ->
          task.setAnnounce(GroupProtos.proto(content)).setAfter(GroupProtos.proto(after));
      case Work.End(var side, var reason) ->
          task.setEnd(revision(side)).setReason(GroupProtos.proto(reason));
      case Work.Forget(var content) -> task.setForget(GroupProtos.proto(content));
    }
    return task.build();
  }

  private static TaskRevision revision(Side side) {
    return TaskRevision.newBuilder()
        .setContent(GroupProtos.proto(side.content()))
        .setId(side.id())
        .setRevision(GroupProtos.proto(side.revision()))
        .build();
  }

  private static Side side(TaskRevision revision) throws DefectiveRecordException {
    return new Side(
        GroupProtos.content(revision.getContent()),
        GroupProtos.id(revision.getId()),
        GroupProtos.revision(revision.getRevision()));
  }

  @Override
  public List<Work> work(int limit) {
    return entries.list(
        GroupKeys.of(Kind.WORK).bytes(),
        null,
        limit,
        (_, value) -> work(GroupTask.parseFrom(value)));
  }

  private static Work work(GroupTask task) throws DefectiveRecordException {
    return switch (task.getWhatCase()) {
      case ANNOUNCE ->
          new Work.Announce(GroupProtos.content(task.getAnnounce()), GroupProtos.content(task.getAfter()));
      case END -> new Work.End(side(task.getEnd()), GroupProtos.reason(task.getReason()));
      case FORGET -> new Work.Forget(GroupProtos.content(task.getForget()));
      case EMPTY, AWAITED, GONE, ENDED, WHAT_NOT_SET -> throw unknown(task);
    };
  }

  private static DefectiveRecordException unknown(GroupTask task) {
    return new DefectiveRecordException("what", "what: %s".formatted(task.getWhatCase()));
  }

  @Override
  public void putReminder(Due due) {
    entries.put(key(due));
  }

  @Override
  public void removeReminder(Due due) {
    entries.remove(key(due));
  }

  private static GroupKeys key(Due due) {
    return GroupKeys.of(Kind.REMINDER).number(due.millis()).raw(task(due.reminder()).toByteArray());
  }

  private static GroupTask task(Reminder reminder) {
    GroupTask.Builder task = GroupTask.newBuilder();
    switch (reminder) {
      case Reminder.Empty(var content) -> task.setEmpty(GroupProtos.proto(content));
      case Reminder.Awaited(var side) -> task.setAwaited(revision(side));
      case Reminder.Gone(var side) -> task.setGone(revision(side));
      case Reminder.Ended(var content, var eventId, var role) ->
          task.setEnded(
              TaskEnding.newBuilder()
                  .setContent(GroupProtos.proto(content))
                  .setEventId(eventId)
                  .setLater(role == Role.LATER));
    }
    return task.build();
  }

  @Override
  public List<Due> due(long nowMillis, int limit) {
    byte[] beginning = GroupKeys.of(Kind.REMINDER).bytes();
    List<Due> first =
        entries.list(
            beginning,
            null,
            limit,
            (key, _) -> {
              GroupKeys.Reader reader = GroupKeys.after(beginning, key);
              long millis = reader.number();
              return new Due(millis, reminder(GroupTask.parseFrom(reader.rest())));
            });
    return first.stream().takeWhile(due -> due.millis() <= nowMillis).toList();
  }

  private static Reminder reminder(GroupTask task) throws DefectiveRecordException {
    return switch (task.getWhatCase()) {
      case EMPTY -> new Reminder.Empty(GroupProtos.content(task.getEmpty()));
      case AWAITED -> new Reminder.Awaited(side(task.getAwaited()));
      case GONE -> new Reminder.Gone(side(task.getGone()));
      case ENDED -> {
        Content content = GroupProtos.content(task.getEnded().getContent());
        yield new Reminder.Ended(
            content,
            task.getEnded().getEventId(),
            task.getEnded().getLater() ? Role.LATER : Role.EARLIER);
      }
      case ANNOUNCE, END, FORGET, WHAT_NOT_SET -> throw unknown(task);
    };
  }
}
