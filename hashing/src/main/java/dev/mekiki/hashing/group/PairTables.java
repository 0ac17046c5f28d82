package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a partition stores of reported pairs. Used by one thread.
public interface PairTables {
  /// A pair that is stored with one of its images.
  ///
  /// @param role of that image
  /// @param pair the pair; with the earlier image, only event and sides need to be known
  record Stored(Role role, ReportedPair pair) {}

  /// What is known of the end of a pair.
  ///
  /// @param end how it ended
  /// @param settled whether it was dealt with; false while the pair itself is still to come
  record Ending(PairEnd end, boolean settled) {}

  /// Stores a pair with its image of a role.
  void putPair(Role role, ReportedPair pair);

  /// The pair that is stored with an image; null where it is not.
  @Nullable ReportedPair pair(Role role, Side side, String eventId);

  /// Removes a pair from an image.
  void removePair(Role role, Side side, String eventId);

  /// Pairs that are stored with an image.
  ///
  /// @param limit most to return
  List<Stored> pairs(Side side, int limit);

  /// Notes that a revision is gone.
  void putGone(Side side, PairEnd.Reason reason);

  /// Why a revision is gone; null where that is not known.
  PairEnd.@Nullable Reason gone(Side side);

  /// Removes the note.
  void removeGone(Side side);

  /// Notes how a pair has ended.
  void putEnding(Content content, String eventId, Role role, Ending ending);

  /// How a pair has ended, as its image of a role knows; null where it does not.
  @Nullable Ending ending(Content content, String eventId, Role role);

  /// Removes the note.
  void removeEnding(Content content, String eventId, Role role);
}
