package dev.mekiki.query.api;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.api.GroupOperation.Partitions;
import dev.mekiki.schemas.v1.GroupAge;
import dev.mekiki.schemas.v1.GroupContent;
import dev.mekiki.schemas.v1.GroupCursor;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.ListContentImagesRequest;
import dev.mekiki.schemas.v1.ListMembersRequest;
import dev.mekiki.schemas.v1.ListMembersResponse;
import dev.mekiki.schemas.v1.MemberPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a part of a group's members. The partition of its representative knows most of them; of a
/// content that has joined with many images, the partition of that content knows the rest. Used for
/// one request.
final class GroupMembers {
  private final Partitions partitions;
  private final GroupContent representative;
  private final List<GroupMember> found = new ArrayList<>();
  private GroupCursor next;
  private boolean isEnd;

  /// @param cursor where to go on
  GroupMembers(Partitions partitions, GroupContent representative, GroupCursor cursor) {
    this.partitions = partitions;
    this.representative = representative;
    this.next = cursor;
  }

  /// Reads on.
  ///
  /// @param limit most members to read
  /// @param cap most members that the group lists
  void read(int limit, long cap) {
    while (!isEnd && found.size() < limit) {
      long left = cap - next.getListed();
      int wanted = (int) Math.min(limit - found.size(), left);
      if (wanted <= 0) {
        isEnd = true;
      } else if (next.getElsewhere()) {
        readElsewhere(wanted);
      } else {
        readKnown(wanted);
      }
    }
    isEnd |= next.getListed() >= cap;
  }

  private void readKnown(int wanted) {
    ListMembersRequest.Builder question =
        ListMembersRequest.newBuilder().setContent(representative).setLimit(wanted);
    if (next.hasMember()) {
      question.setAfter(next.getMember());
    }
    ListMembersResponse part =
        partitions.ask(representative, index -> index.listMembers(question.build()));
    found.addAll(part.getMembersList());
    next =
        GroupCursor.newBuilder()
            .setMember(part.getNext())
            .setElsewhere(part.getElsewhere())
            .setListed(next.getListed() + part.getMembersCount())
            .build();
    isEnd = !part.hasNext();
  }

  private void readElsewhere(int wanted) {
    MemberPosition at = next.getMember();
    ListContentImagesRequest.Builder question =
        ListContentImagesRequest.newBuilder().setContent(at.getJoined()).setLimit(wanted);
    if (at.hasImage()) {
      question.setAfter(at.getImage());
    }
    List<GroupMember> images =
        partitions
            .ask(at.getJoined(), index -> index.listContentImages(question.build()))
            .getImagesList();
    found.addAll(images);
    boolean isOver = images.size() < wanted;
    MemberPosition.Builder position = at.toBuilder().clearImage();
    if (!isOver) {
      position.setImage(age(images.getLast()));
    }
    next =
        GroupCursor.newBuilder()
            .setMember(position)
            .setElsewhere(!isOver)
            .setListed(next.getListed() + images.size())
            .build();
  }

  private static GroupAge age(GroupMember image) {
    return GroupAge.newBuilder()
        .setId(image.getImageId())
        .setTimeMillis(Timestamps.toMillis(image.getImageTime()))
        .build();
  }

  /// The members that were read.
  List<GroupMember> found() {
    return found;
  }

  /// Where to go on; empty where there are no more.
  Optional<GroupCursor> next() {
    return isEnd ? Optional.empty() : Optional.of(next);
  }
}
