package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.PairEnd;
import dev.mekiki.hashing.group.PairTables;
import dev.mekiki.hashing.group.ReportedPair;
import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import dev.mekiki.index.groups.GroupKeys.Kind;
import dev.mekiki.schemas.v1.EndedPair;
import dev.mekiki.schemas.v1.GoneMember;
import dev.mekiki.schemas.v1.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a partition stores of reported pairs. Owned by one stream thread.
///
/// @param entries of the store
/// @param settings how groups are kept
record PairStore(EntryWriter entries, GroupSettings settings) implements PairTables {
  private static final int LATER = 0;
  private static final int EARLIER = 1;

  @Override
  public void putPair(Role role, ReportedPair pair) {
    if (!(pair instanceof ReportedMatch reported)) {
      throw new IllegalStateException("pair: %s (expected: one of an event)".formatted(pair));
    }
    entries.put(
        key(role, pair.side(role), pair.eventId()),
        role == Role.LATER ? reported.match() : reported.sides());
  }

  /// In keys. The order of the enum may change.
  private static int number(Role role) {
    return switch (role) {
      case LATER -> LATER;
      case EARLIER -> EARLIER;
    };
  }

  private static GroupKeys key(Role role, Side side, String eventId) {
    return GroupKeys.of(Kind.PAIR).side(side).small(number(role)).last(eventId);
  }

  @Override
  public @Nullable ReportedPair pair(Role role, Side side, String eventId) {
    return entries.get(
        key(role, side, eventId), value -> ReportedMatch.of(Match.parseFrom(value), settings));
  }

  @Override
  public void removePair(Role role, Side side, String eventId) {
    entries.removeIfThere(key(role, side, eventId));
  }

  @Override
  public List<Stored> pairs(Side side, int limit) {
    byte[] beginning = GroupKeys.of(Kind.PAIR).side(side).bytes();
    return entries.list(
        beginning,
        null,
        limit,
        (key, value) ->
            new Stored(
                key[beginning.length] == LATER ? Role.LATER : Role.EARLIER,
                ReportedMatch.of(Match.parseFrom(value), settings)));
  }

  @Override
  public void putGone(Side side, PairEnd.Reason reason) {
    entries.put(
        GroupKeys.of(Kind.GONE).side(side),
        GoneMember.newBuilder().setReason(GroupProtos.proto(reason)).build());
  }

  @Override
  public PairEnd.@Nullable Reason gone(Side side) {
    return entries.get(
        GroupKeys.of(Kind.GONE).side(side),
        value -> GroupProtos.reason(GoneMember.parseFrom(value).getReason()));
  }

  @Override
  public void removeGone(Side side) {
    entries.removeIfThere(GroupKeys.of(Kind.GONE).side(side));
  }

  @Override
  public void putEnding(Content content, String eventId, Role role, Ending ending) {
    entries.put(
        endingKey(content, eventId, role),
        EndedPair.newBuilder()
            .setLaterIsGone(ending.end().role() == Role.LATER)
            .setReason(GroupProtos.proto(ending.end().reason()))
            .setSettled(ending.settled())
            .build());
  }

  private static GroupKeys endingKey(Content content, String eventId, Role role) {
    return GroupKeys.of(Kind.ENDING, content).small(number(role)).last(eventId);
  }

  @Override
  public @Nullable Ending ending(Content content, String eventId, Role role) {
    return entries.get(
        endingKey(content, eventId, role),
        value -> {
          EndedPair ended = EndedPair.parseFrom(value);
          return new Ending(
              GroupProtos.end(ended.getLaterIsGone(), ended.getReason()), ended.getSettled());
        });
  }

  @Override
  public void removeEnding(Content content, String eventId, Role role) {
    entries.removeIfThere(endingKey(content, eventId, role));
  }
}
