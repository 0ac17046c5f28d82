package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.Agenda.Due;
import dev.mekiki.hashing.group.Agenda.Reminder;
import dev.mekiki.hashing.group.Agenda.Work;
import dev.mekiki.hashing.group.GroupMessage.Ended;
import dev.mekiki.hashing.group.GroupMessage.Forgotten;
import dev.mekiki.hashing.group.GroupMessage.Gone;
import dev.mekiki.hashing.group.GroupMessage.Join;
import dev.mekiki.hashing.group.GroupMessage.Leave;
import dev.mekiki.hashing.group.GroupMessage.Placed;
import dev.mekiki.hashing.group.GroupMessage.Reported;
import dev.mekiki.hashing.group.GroupMessage.Status;
import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The groups of one partition's contents.
///
/// **The rule.** Two contents *match* once an event has reported two images of theirs as copies,
/// unless somebody has dismissed the pair. A content is as old as its oldest image; one without
/// images takes no part. A content is a *representative* if none of the older contents that match
/// it is one. Any other joins the oldest representative that matches it. A group is a
/// representative with those that have joined it, and all their images; one image alone is none. So
/// there are no chains: every member matches the representative. All images of one content are
/// together without any event that says so.
///
/// **Why the order of messages does not matter.** Taken from the oldest content to the youngest,
/// the rule decides each by those decided before. So for given images and matches there is one
/// answer. A content decides by what those that match it have announced last, and announces its own
/// age and part to them when these change. Once no messages are left, the oldest content that
/// matches another has announced its final part to all; then the next oldest has, and so on. That
/// two contents match is known to either once one of them has heard of it: what a content announces
/// of itself also says that the two match.
///
/// A match belongs to the contents, not to the two images of an event. Those may go while other
/// images of the same bytes stay, which made no event because an arrival makes a limited number. A
/// content that has had no image for {@link #KEPT_MILLIS} forgets what it matches.
///
/// What one message changes is evaluated by {@link #settle}, once for each content, so that the
/// messages of one transaction together cost what one costs. What would be too much for one
/// transaction is left to {@link #work}.
///
/// Owned by one thread.
public final class ContentGroups {
  /// How long what is over is remembered. Longer than events and probes are kept (seven days), so
  /// that nothing that was reported comes later.
  public static final long KEPT_MILLIS = Duration.ofDays(8).toMillis();

  /// How many neighbours or pairs of one content are dealt with at once.
  private static final int PART = 1000;

  private final GroupTables tables;
  private final Agenda agenda;
  private final Consumer<GroupMessage> out;
  private final BiPredicate<Content, Content> dismissed;
  private final LongSupplier clock;
  private final int part;
  private final PairLedger ledger;

  /// Contents that the messages since the last {@link #settle} concern.
  private final Map<Content, Touched> touched = new LinkedHashMap<>();

  /// @param tables what is stored of contents
  /// @param pairs what is stored of reported pairs
  /// @param agenda what is still to do
  /// @param out sends messages to the partitions of other contents
  /// @param retractions takes pairs that have ended
  /// @param dismissed whether somebody has dismissed a pair of contents, whatever their order;
  ///   where its answer changes, {@link #judged} must be called
  /// @param clock milliseconds since the epoch
  public ContentGroups(
      GroupTables tables,
      PairTables pairs,
      Agenda agenda,
      Consumer<GroupMessage> out,
      BiConsumer<ReportedPair, PairEnd> retractions,
      BiPredicate<Content, Content> dismissed,
      LongSupplier clock) {
    this(tables, pairs, agenda, out, retractions, dismissed, clock, PART);
  }

  /// @param part how many neighbours or pairs of one content are dealt with at once, at least 1
  ContentGroups(
      GroupTables tables,
      PairTables pairs,
      Agenda agenda,
      Consumer<GroupMessage> out,
      BiConsumer<ReportedPair, PairEnd> retractions,
      BiPredicate<Content, Content> dismissed,
      LongSupplier clock,
      int part) {
    this.tables = tables;
    this.agenda = agenda;
    this.out = out;
    this.dismissed = dismissed;
    this.clock = clock;
    this.part = part;
    ledger = new PairLedger(tables, pairs, agenda, out, retractions, clock, part);
  }

  /// What is known of a content that has to be evaluated.
  private static final class Touched {
    Node node;

    /// Whether images of its own came or went.
    boolean membersChanged;

    /// Whether contents that have joined it came, went or changed.
    boolean joinersChanged;

    /// Those that match it and have no status of it yet.
    final Set<Content> strangers = new LinkedHashSet<>();

    Touched(Node node) {
      this.node = node;
    }
  }

  /// Takes a message for a content of this partition.
  public void accept(GroupMessage message) {
    switch (message) {
      case Placed placed -> place(placed);
      case Gone gone -> remove(gone);
      case Reported reported -> report(reported);
      case Status(var to, var from, var status) -> meet(to, from, status);
      case Forgotten(var to, var from) -> {
        tables.removeNeighbour(to, from);
        touch(to);
      }
      case Join(var to, var from, var joiner) -> join(to, from, joiner);
      case Leave(var to, var from) -> join(to, from, null);
      case Ended ended -> ledger.ended(ended);
    }
  }

  private Touched touch(Content content) {
    return touched.computeIfAbsent(content, key -> new Touched(tables.node(key)));
  }

  private void place(Placed placed) {
    Member member = placed.member();
    @Nullable Member known = tables.member(placed.to(), member.id());
    if (member.equals(known)) {
      return;
    }
    Touched here = touch(placed.to());
    if (known == null) {
      here.node = here.node.withImages(here.node.images() + 1);
    } else {
      tables.removeMember(placed.to(), known);
    }
    tables.addMember(placed.to(), member);
    here.membersChanged = true;
  }

  private void remove(Gone gone) {
    @Nullable Member known = tables.member(gone.to(), gone.id());
    if (known != null && known.revision().equals(gone.revision())) {
      tables.removeMember(gone.to(), known);
      Touched here = touch(gone.to());
      here.node = here.node.withImages(here.node.images() - 1);
      here.membersChanged = true;
      rememberIfEmpty(gone.to(), here);
    }
    ledger.gone(new Side(gone.to(), gone.id(), gone.revision()), gone.reason());
  }

  /// From now on counts how long a content without images keeps what it matches.
  private void rememberIfEmpty(Content content, Touched here) {
    if (here.node.images() == 0) {
      long now = clock.getAsLong();
      here.node = here.node.emptySince(now);
      agenda.putReminder(new Due(now + KEPT_MILLIS, new Reminder.Empty(content)));
    }
  }

  private void report(Reported reported) {
    ReportedPair pair = reported.pair();
    for (Role role : Role.values()) {
      if (pair.side(role).content().equals(reported.to())) {
        ledger.reported(role, pair);
        Content other = pair.side(role.other()).content();
        if (pair.joins() && !other.equals(reported.to())) {
          meet(reported.to(), other, null);
        }
      }
    }
  }

  /// Notes that two contents match, and what the other one says of itself.
  ///
  /// @param status null where it has said nothing
  private void meet(Content content, Content other, @Nullable ContentStatus status) {
    @Nullable Neighbour known = tables.neighbour(content, other);
    if (known == null) {
      Touched here = touch(content);
      here.strangers.add(other);
      rememberIfEmpty(content, here);
      tables.putNeighbour(
          content,
          other,
          new Neighbour(
              status == null ? ContentStatus.NONE : status, dismissed.test(content, other)));
    } else if (status != null && !status.equals(known.status())) {
      touch(content);
      tables.putNeighbour(content, other, new Neighbour(status, known.dismissed()));
    }
  }

  /// @param joiner null where the content leaves
  private void join(Content representative, Content from, @Nullable Joiner joiner) {
    @Nullable Joiner known = tables.joiner(representative, from);
    if (known == null && joiner == null) {
      return;
    }
    Touched here = touch(representative);
    here.joinersChanged = true;
    here.node =
        here.node.withJoiner(
            (joiner == null ? 0 : 1) - (known == null ? 0 : 1),
            (joiner == null ? 0 : joiner.images()) - (known == null ? 0 : known.images()));
    if (joiner == null) {
      tables.removeJoiner(representative, from);
    } else {
      tables.putJoiner(representative, from, joiner);
    }
  }

  /// Takes notice that somebody has dismissed a pair of contents, or has withdrawn that. Asked in
  /// every partition; those that keep neither content do nothing.
  public void judged(Content a, Content b) {
    judge(a, b);
    judge(b, a);
  }

  private void judge(Content content, Content other) {
    @Nullable Neighbour known = tables.neighbour(content, other);
    boolean isDismissed = dismissed.test(content, other);
    if (known != null && known.dismissed() != isDismissed) {
      tables.putNeighbour(content, other, new Neighbour(known.status(), isDismissed));
      touch(content);
    }
  }

  /// Evaluates the contents that messages concern. Must be called before what they changed is
  /// committed.
  public void settle() {
    touched.forEach(this::evaluate);
    touched.clear();
  }

  private void evaluate(Content content, Touched here) {
    Node before = here.node;
    @Nullable Age age = before.images() == 0 ? null : tables.oldest(content, 1).getFirst();
    @Nullable Content joined = age == null ? null : joins(new AgedContent(age, content));
    ContentStatus status = new ContentStatus(age, age != null && joined == null);
    Node now = before.withAnnounced(status).withJoined(joined);
    if (status.equals(before.announced())) {
      here.strangers.forEach(other -> out.accept(new Status(other, content, status)));
    } else {
      announce(content, status, null);
    }
    if (before.joined() != null && !before.joined().equals(joined)) {
      out.accept(new Leave(before.joined(), content));
    }
    if (age != null && joined != null && (here.membersChanged || !joined.equals(before.joined()))) {
      out.accept(new Join(joined, content, joiner(content, age, now)));
    }
    boolean isChanged =
        here.membersChanged
            || here.joinersChanged
            || status.representative() != before.announced().representative();
    if (isChanged && (now.isGroup() || before.published())) {
      tables.putChanged(content);
    }
    put(content, now);
  }

  /// The representative that a content joins; null where it is one itself.
  private @Nullable Content joins(AgedContent content) {
    @Nullable AgedContent oldest = tables.oldestRepresentative(content.content());
    return oldest != null && oldest.compareTo(content) < 0 ? oldest.content() : null;
  }

  private Joiner joiner(Content content, Age age, Node node) {
    return new Joiner(age, node.images(), tables.oldest(content, Joiner.MAX_FIRST));
  }

  private void put(Content content, Node node) {
    boolean isOver =
        node.images() == 0
            && node.joinedContents() == 0
            && !node.published()
            && tables.neighbours(content, null, 1).isEmpty();
    tables.putNode(content, isOver ? Node.NONE : node);
  }

  /// Announces the status of a content to those that match it, or to the next of them and notes the
  /// rest as work.
  private void announce(Content content, ContentStatus status, @Nullable Content after) {
    List<Content> others = tables.neighbours(content, after, part);
    others.forEach(other -> out.accept(new Status(other, content, status)));
    if (others.size() == part) {
      agenda.putWork(new Work.Announce(content, others.getLast()));
    } else {
      agenda.removeWork(new Work.Announce(content, content));
    }
  }

  /// Goes on with what was too much for one transaction.
  ///
  /// @param parts how many parts to do at most
  /// @return whether there is more to do
  public boolean work(int parts) {
    settle();
    List<Work> some = agenda.work(parts + 1);
    for (Work work : some.subList(0, Math.min(parts, some.size()))) {
      switch (work) {
        case Work.Announce(var content, var after) ->
            announce(content, tables.node(content).announced(), after);
        case Work.End(var side, var reason) -> ledger.endAll(side, reason);
        case Work.Forget(var content) -> forget(content);
      }
    }
    settle();
    return some.size() > parts;
  }

  /// Looks at what was to be looked at by now.
  ///
  /// @param limit most to look at
  /// @return whether there is more
  public boolean remind(int limit) {
    settle();
    List<Due> due = agenda.due(clock.getAsLong(), limit);
    for (Due one : due) {
      agenda.removeReminder(one);
      switch (one.reminder()) {
        case Reminder.Empty(var content) -> {
          Node node = tables.node(content);
          if (node.images() == 0 && node.emptySinceMillis() + KEPT_MILLIS <= one.millis()) {
            forget(content);
          }
        }
        case Reminder.Awaited(var side) -> ledger.awaited(side);
        case Reminder.Gone(var side) -> ledger.forgetGone(side);
        case Reminder.Ended(var content, var eventId, var role) ->
            ledger.forgetEnding(content, eventId, role);
      }
    }
    settle();
    return due.size() == limit;
  }

  /// Has a content without images forget those that match it, or some of them and notes the rest as
  /// work.
  private void forget(Content content) {
    Touched here = touch(content);
    Work rest = new Work.Forget(content);
    if (here.node.images() > 0) {
      agenda.removeWork(rest);
      return;
    }
    List<Content> others = tables.neighbours(content, null, part);
    for (Content other : others) {
      tables.removeNeighbour(content, other);
      out.accept(new Forgotten(other, content));
    }
    if (others.size() == part) {
      agenda.putWork(rest);
    } else {
      agenda.removeWork(rest);
    }
  }

  /// Takes notice that there is a record of a content's group, written here or by an index that is
  /// gone. If the content represents no group, {@link #publish} will say so.
  public void recorded(Content content) {
    Touched known = touched.get(content);
    Node node = known == null ? tables.node(content) : known.node;
    if (!node.published()) {
      Touched here = touch(content);
      here.node = here.node.withPublished(true);
      tables.putChanged(content);
    }
  }

  /// Hands on the groups that have changed since the last call.
  ///
  /// @param limit most to hand on
  /// @return whether there are more
  public boolean publish(GroupSink sink, int limit) {
    settle();
    List<Content> changed = tables.changed(limit);
    for (Content content : changed) {
      tables.removeChanged(content);
      Node node = tables.node(content);
      if (node.isGroup()) {
        sink.changed(content, node);
      } else if (node.published()) {
        sink.dissolved(content);
      }
      if (node.published() != node.isGroup()) {
        put(content, node.withPublished(node.isGroup()));
      }
    }
    return changed.size() == limit;
  }
}
