package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.ReportedPair.Side;
import dev.mekiki.hashing.match.Revision;

/// What is sent to the partition that keeps a content. Messages of one sender to one content keep
/// their order; those of several senders may interleave in any way. The senders are: for images,
/// what places the image; for reported pairs, anybody; otherwise the partition of the content that
/// a message is from.
public sealed interface GroupMessage {
  /// The content that it is for.
  Content to();

  /// A revision of an image has this content.
  record Placed(Content to, Member member) implements GroupMessage {}

  /// A revision of an image that had this content is gone.
  record Gone(Content to, String id, Revision revision, PairEnd.Reason reason)
      implements GroupMessage {}

  /// An event has reported a pair of which one image has this content, or both have. It goes to the
  /// contents of both, once where they are the same.
  record Reported(Content to, ReportedPair pair) implements GroupMessage {}

  /// What a content that matches this one says of itself.
  record Status(Content to, Content from, ContentStatus status) implements GroupMessage {}

  /// A content that matches this one has had no image for long, and forgets that it does.
  record Forgotten(Content to, Content from) implements GroupMessage {}

  /// A content joins the group that this one represents, or says anew how large it is.
  record Join(Content to, Content from, Joiner joiner) implements GroupMessage {}

  /// A content leaves the group that this one represents.
  record Leave(Content to, Content from) implements GroupMessage {}

  /// A reported pair has ended, says the partition of the image that is gone.
  ///
  /// @param at the other image
  /// @param eventId id of the event that reported it
  /// @param end which image is gone, and why
  record Ended(Side at, String eventId, PairEnd end) implements GroupMessage {
    @Override
    public Content to() {
      return at.content();
    }
  }
}
