package dev.mekiki.index.groups;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.group.Age;
import dev.mekiki.hashing.group.AgedContent;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.Joiner;
import dev.mekiki.hashing.group.Node;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.schemas.image.GroupId;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.MatchKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Groups as they are written and answered. As thread-safe as the store.
///
/// @param rows what is stored of contents
/// @param settings how groups are kept
record GroupRecords(ContentRows rows, GroupSettings settings) {
  /// Most bytes of the images that a record names: it has to fit on its topic as JSON.
  private static final int MAX_MEMBER_BYTES = 256 << 10;

  /// Bytes of a member beside its id.
  private static final int MEMBER_BYTES = 160;

  /// Contents that have joined are read in parts of so many.
  private static final int PART = 100;

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();

  /// The group that a content represents, without members.
  ///
  /// @param node what is known of the content, a group
  Group.Builder header(Content content, Node node) {
    Group.Builder group =
        Group.newBuilder()
            .setId(id(content))
            .setTenant(content.tenant())
            .setKind(node.joinedContents() == 0 ? MatchKind.EXACT : MatchKind.DUPLICATE)
            .setSize(Math.min(node.size(), settings.maxSize()))
            .setContents(1 + node.joinedContents())
            .setTruncated(true)
            .setCapped(node.size() > settings.maxSize());
    Age age = node.announced().age();
    if (age != null) {
      group.setRepresentative(member(content, age));
    }
    return group;
  }

  /// The group that a content represents, as it is written.
  ///
  /// @param node what is known of the content, a group
  /// @param nowMillis when it is written, milliseconds since the epoch
  Group group(Content content, Node node, long nowMillis) {
    Group.Builder group = header(content, node);
    int most = (int) Math.min(settings.maxMembersInRecord(), group.getSize());
    Members members = new Members(group, most);
    members.add(content, rows.images(content, null, most));
    AgedContent after = null;
    List<AgedContent> part = List.of();
    do {
      part = rows.joined(content, after, PART);
      for (AgedContent joined : part) {
        after = joined;
        Joiner joiner = rows.joiner(content, joined.content());
        if (joiner != null) {
          members.add(joined.content(), joiner.first());
        }
        if (members.isFull()) {
          break;
        }
      }
    } while (part.size() == PART && !members.isFull());
    return group
        .setTruncated(group.getMembersCount() < group.getSize())
        .setTime(Timestamps.fromMillis(nowMillis))
        .build();
  }

  /// Members of a group, up to a limit of their number and bytes.
  private static final class Members {
    private final Group.Builder group;
    private final int most;
    private int bytes;

    Members(Group.Builder group, int most) {
      this.group = group;
      this.most = most;
    }

    void add(Content content, List<Age> images) {
      for (Age image : images) {
        if (isFull()) {
          return;
        }
        bytes += MEMBER_BYTES + image.id().getBytes(StandardCharsets.UTF_8).length;
        group.addMembers(member(content, image));
      }
    }

    boolean isFull() {
      return group.getMembersCount() >= most || bytes >= MAX_MEMBER_BYTES;
    }
  }

  static GroupMember member(Content content, Age image) {
    return GroupMember.newBuilder()
        .setImageId(image.id())
        .setImageTime(Timestamps.fromMillis(image.timeMillis()))
        .setSha256(content.sha256().toHex())
        .build();
  }

  /// The id of the group that a content represents.
  static String id(Content content) {
    return GroupId.of(content.tenant(), content.sha256().toHex());
  }

  /// The content whose group a record's key names.
  ///
  /// @throws DefectiveRecordException where it names none
  static Content content(byte @Nullable [] key) throws DefectiveRecordException {
    try {
      return content(new String(key == null ? new byte[0] : key, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException("key", String.valueOf(e.getMessage()), e);
    }
  }

  /// The content of the id of a group.
  ///
  /// @throws IllegalArgumentException where it is none
  static Content content(String id) {
    GroupId group = GroupId.parse(id);
    return new Content(group.tenant(), Sha256.fromHex(group.sha256()));
  }

  static byte[] json(Group group) {
    try {
      return JSON.print(group).getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a Group without Any fields is always printable", e);
    }
  }
}
