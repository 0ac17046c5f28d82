package dev.mekiki.index.groups;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.group.GroupMessage.Gone;
import dev.mekiki.hashing.group.GroupMessage.Placed;
import dev.mekiki.hashing.group.Member;
import dev.mekiki.hashing.group.PairEnd.Reason;
import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.runtime.match.Revisions;
import dev.mekiki.schemas.v1.PlacedImage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Announces to the partitions of contents each revision that placement places or removes. Owned by
/// one stream thread.
public final class GroupAnnouncer {
  /// Name of the store that sends what waits before each commit.
  public static final String OUTBOX_STORE = "group-announcements";

  /// Name of the sink of messages.
  public static final String MESSAGES = "group-announcements-sink";

  private final GroupSettings settings;
  private final GroupOutbox outbox;

  /// @param sink sends a record
  public GroupAnnouncer(GroupSettings settings, Consumer<OutgoingProbes> sink) {
    this.settings = settings;
    outbox = new GroupOutbox(settings.partitions(), sink);
  }

  /// An image has a new revision.
  ///
  /// @param before its last one; null where it had none
  public void placed(String id, @Nullable PlacedImage before, PlacedImage image) {
    if (before != null) {
      removed(id, before, Reason.REPLACED);
    }
    outbox.add(
        new Placed(
            settings.content(image),
            new Member(
                id,
                Revisions.of(image.getRevision()),
                Timestamps.toMillis(image.getCode().getImageTime()))));
  }

  /// An image was removed.
  ///
  /// @param before its last revision
  /// @param reason why
  public void removed(String id, PlacedImage before, Reason reason) {
    outbox.add(new Gone(settings.content(before), id, Revisions.of(before.getRevision()), reason));
  }

  /// Sends all that waits.
  public void send() {
    outbox.send();
  }
}
