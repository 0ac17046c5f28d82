package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.Agenda.Due;
import dev.mekiki.hashing.group.Agenda.Reminder;
import dev.mekiki.hashing.group.Agenda.Work;
import dev.mekiki.hashing.group.PairEnd.Reason;
import dev.mekiki.hashing.group.PairTables.Ending;
import dev.mekiki.hashing.group.PairTables.Stored;
import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Knows which reported pairs stand, and retracts each that ends, once.
///
/// A pair is stored with both of its images, each in the partition of its content. The partition of
/// the later image alone retracts: when that image goes, or when the partition of the earlier one
/// says that the other has gone. Both may hear of the pair before or after that, in any order; so a
/// revision that is gone, and a pair that has ended, are remembered for {@link
/// ContentGroups#KEPT_MILLIS}. A revision that an event names and that has not come by then counts
/// as gone.
final class PairLedger {
  private final GroupTables groups;
  private final PairTables tables;
  private final Agenda agenda;
  private final Consumer<GroupMessage> out;
  private final BiConsumer<ReportedPair, PairEnd> retractions;
  private final LongSupplier clock;
  private final int part;

  PairLedger(
      GroupTables groups,
      PairTables tables,
      Agenda agenda,
      Consumer<GroupMessage> out,
      BiConsumer<ReportedPair, PairEnd> retractions,
      LongSupplier clock,
      int part) {
    this.groups = groups;
    this.tables = tables;
    this.agenda = agenda;
    this.out = out;
    this.retractions = retractions;
    this.clock = clock;
    this.part = part;
  }

  /// Takes a pair up at its image of a role.
  void reported(Role role, ReportedPair pair) {
    Side own = pair.side(role);
    @Nullable Ending ending = tables.ending(own.content(), pair.eventId(), role);
    if (ending != null) {
      if (!ending.settled()) {
        settle(role, pair, ending.end());
      }
      return;
    }
    if (isPresent(own)) {
      tables.putPair(role, pair);
      return;
    }
    @Nullable Reason gone = whyGone(own);
    if (gone != null) {
      end(role, pair, gone);
    } else {
      tables.putPair(role, pair);
      remind(new Reminder.Awaited(own));
    }
  }

  private boolean isPresent(Side side) {
    @Nullable Member member = groups.member(side.content(), side.id());
    return member != null && member.revision().equals(side.revision());
  }

  /// Null where a revision that is not present is not known to be gone: it may be still to come.
  private @Nullable Reason whyGone(Side side) {
    @Nullable Reason known = tables.gone(side);
    if (known != null) {
      return known;
    }
    @Nullable Member member = groups.member(side.content(), side.id());
    return member != null && member.revision().isLaterThan(side.revision())
        ? Reason.REPLACED
        : null;
  }

  /// Notes that a revision is gone, and ends its pairs.
  void gone(Side side, Reason reason) {
    tables.putGone(side, reason);
    remind(new Reminder.Gone(side));
    endAll(side, reason);
  }

  /// Ends the pairs of a revision, or the first of them and notes the rest as work.
  void endAll(Side side, Reason reason) {
    List<Stored> stored = tables.pairs(side, part);
    for (Stored one : stored) {
      tables.removePair(one.role(), side, one.pair().eventId());
      end(one.role(), one.pair(), reason);
    }
    Work rest = new Work.End(side, reason);
    if (stored.size() == part) {
      agenda.putWork(rest);
    } else {
      agenda.removeWork(rest);
    }
  }

  /// Ends a pair because its image of a role is gone.
  private void end(Role role, ReportedPair pair, Reason reason) {
    PairEnd end = new PairEnd(role, reason);
    out.accept(new GroupMessage.Ended(pair.side(role.other()), pair.eventId(), end));
    settle(role, pair, end);
  }

  /// Takes a message that a pair has ended.
  void ended(GroupMessage.Ended message) {
    Role role = message.end().role().other();
    Side own = message.at();
    @Nullable ReportedPair pair = tables.pair(role, own, message.eventId());
    if (pair != null) {
      tables.removePair(role, own, message.eventId());
      settle(role, pair, message.end());
    } else if (tables.ending(own.content(), message.eventId(), role) == null) {
      note(own.content(), message.eventId(), role, new Ending(message.end(), false));
    }
  }

  /// Retracts a pair at its later image; and has either image know that it is over.
  private void settle(Role role, ReportedPair pair, PairEnd end) {
    if (role == Role.LATER) {
      retractions.accept(pair, end);
    }
    note(pair.side(role).content(), pair.eventId(), role, new Ending(end, true));
  }

  private void note(Content content, String eventId, Role role, Ending ending) {
    tables.putEnding(content, eventId, role, ending);
    remind(new Reminder.Ended(content, eventId, role));
  }

  private void remind(Reminder reminder) {
    agenda.putReminder(new Due(clock.getAsLong() + ContentGroups.KEPT_MILLIS, reminder));
  }

  /// A revision that an event named has had time to come.
  void awaited(Side side) {
    if (!isPresent(side)) {
      @Nullable Reason reason = whyGone(side);
      endAll(side, reason == null ? Reason.DELETED : reason);
    }
  }

  /// Forgets that a revision is gone.
  void forgetGone(Side side) {
    tables.removeGone(side);
  }

  /// Forgets that a pair has ended.
  void forgetEnding(Content content, String eventId, Role role) {
    tables.removeEnding(content, eventId, role);
  }
}
