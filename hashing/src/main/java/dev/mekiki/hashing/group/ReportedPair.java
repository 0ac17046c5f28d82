package dev.mekiki.hashing.group;

import dev.mekiki.hashing.match.Revision;

/// A pair of images that an event has reported.
public interface ReportedPair {
  /// Id of the event.
  String eventId();

  /// The image with the later image time.
  Side later();

  /// The other one.
  Side earlier();

  /// Whether the two are copies of one another, so that they may be in one group.
  boolean joins();

  /// One image of a pair.
  ///
  /// @param content its content
  /// @param id the image id
  /// @param revision its revision
  record Side(Content content, String id, Revision revision) {}

  /// Which of the two.
  enum Role {
    LATER,
    EARLIER;

    /// The other one.
    public Role other() {
      return this == LATER ? EARLIER : LATER;
    }
  }

  /// The image of a role.
  default Side side(Role role) {
    return role == Role.LATER ? later() : earlier();
  }
}
