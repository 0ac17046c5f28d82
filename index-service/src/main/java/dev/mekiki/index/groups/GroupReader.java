package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Age;
import dev.mekiki.hashing.group.AgedContent;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.Joiner;
import dev.mekiki.hashing.group.Node;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.schemas.v1.GetContentGroupRequest;
import dev.mekiki.schemas.v1.GetContentGroupResponse;
import dev.mekiki.schemas.v1.GroupContent;
import dev.mekiki.schemas.v1.ListContentImagesRequest;
import dev.mekiki.schemas.v1.ListContentImagesResponse;
import dev.mekiki.schemas.v1.ListMembersRequest;
import dev.mekiki.schemas.v1.ListMembersResponse;
import dev.mekiki.schemas.v1.ListPartitionGroupsRequest;
import dev.mekiki.schemas.v1.ListPartitionGroupsResponse;
import dev.mekiki.schemas.v1.MemberPosition;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// Answers of the groups in partitions of contents that are active here. Thread-safe.
///
/// An answer may hold what is not committed yet.
public final class GroupReader {
  /// Most groups, members or images of one answer.
  public static final int MAX_LIMIT = 1000;

  private final GroupSettings settings;
  private final Stores stores;

  /// Where the stores are.
  @FunctionalInterface
  public interface Stores {
    /// The store of a partition; empty where it is not active here.
    Optional<ReadOnlyKeyValueStore<Bytes, byte[]>> active(int partition);
  }

  /// A partition that is asked for is not active here.
  public static final class NotActiveException extends Exception {
    private static final long serialVersionUID = 1;

    private NotActiveException(int partition) {
      super(
          "partition %d of contents (expected: one that is active here; WatchRouting says which instance has it)"
              .formatted(partition));
    }
  }

  /// @param settings how groups are kept
  /// @param stores where they are read
  public GroupReader(GroupSettings settings, Stores stores) {
    this.settings = settings;
    this.stores = stores;
  }

  private ContentRows rows(int partition) throws NotActiveException {
    ReadOnlyKeyValueStore<Bytes, byte[]> store =
        stores.active(partition).orElseThrow(() -> new NotActiveException(partition));
    return new ContentRows(
        new EntryReader(store, e -> new IllegalStateException("entry cannot be read", e)));
  }

  private ContentRows rows(Content content) throws NotActiveException {
    return rows(content.partition(settings.partitions()));
  }

  /// The content that a request names, whose tenant does not matter.
  private Content content(GroupContent named) throws DefectiveRecordException {
    Content content = GroupProtos.content(named);
    return settings.content(content.tenant(), content.sha256());
  }

  private static int limit(int limit) throws DefectiveRecordException {
    RecordChecks.range("limit", limit, 1, MAX_LIMIT);
    return limit;
  }

  /// Which group a content represents or has joined.
  ///
  /// @throws DefectiveRecordException where the request is at fault
  public GetContentGroupResponse group(GetContentGroupRequest request)
      throws DefectiveRecordException, NotActiveException {
    Content content = content(request.getContent());
    ContentRows rows = rows(content);
    Node node = rows.node(content);
    GetContentGroupResponse.Builder response = GetContentGroupResponse.newBuilder();
    if (node.isGroup()) {
      response.setGroup(new GroupRecords(rows, settings).header(content, node));
    }
    Content joined = node.joined();
    if (joined != null) {
      response.setJoined(GroupProtos.proto(joined));
    }
    return response.build();
  }

  /// Groups of one partition.
  ///
  /// @throws DefectiveRecordException where the request is at fault
  public ListPartitionGroupsResponse groups(ListPartitionGroupsRequest request)
      throws DefectiveRecordException, NotActiveException {
    RecordChecks.range("partition", request.getPartition(), 0, settings.partitions() - 1L);
    int limit = limit(request.getLimit());
    ContentRows rows = rows(request.getPartition());
    GroupRecords records = new GroupRecords(rows, settings);
    List<Content> published =
        rows.published(
            request.hasTenant() ? request.getTenant() : null,
            request.hasAfter() ? GroupProtos.content(request.getAfter()) : null,
            limit);
    ListPartitionGroupsResponse.Builder response = ListPartitionGroupsResponse.newBuilder();
    for (Content content : published) {
      Node node = rows.node(content);
      // It may just have ceased to be one.
      if (node.isGroup()) {
        response.addGroups(records.header(content, node));
      }
    }
    if (published.size() == limit) {
      response.setNext(GroupProtos.proto(published.getLast()));
    }
    return response.build();
  }

  /// Images of a content.
  ///
  /// @throws DefectiveRecordException where the request is at fault
  public ListContentImagesResponse images(ListContentImagesRequest request)
      throws DefectiveRecordException, NotActiveException {
    Content content = content(request.getContent());
    ListContentImagesResponse.Builder response = ListContentImagesResponse.newBuilder();
    rows(content)
        .images(
            content,
            request.hasAfter() ? GroupProtos.age(request.getAfter()) : null,
            limit(request.getLimit()))
        .forEach(image -> response.addImages(GroupRecords.member(content, image)));
    return response.build();
  }

  /// Members of a group: first its own images, then those of contents that have joined it, of each
  /// as many as it has said.
  ///
  /// @throws DefectiveRecordException where the request is at fault
  public ListMembersResponse members(ListMembersRequest request)
      throws DefectiveRecordException, NotActiveException {
    Content content = content(request.getContent());
    int limit = limit(request.getLimit());
    Page page = new Page(content, rows(content), limit);
    if (!request.hasAfter()) {
      page.addOwn(null);
    } else {
      MemberPosition after = request.getAfter();
      Age image = after.hasImage() ? GroupProtos.age(after.getImage()) : null;
      if (!after.hasJoined()) {
        page.addOwn(image);
      } else {
        AgedContent joined =
            new AgedContent(
                GroupProtos.age(after.getJoinedAge()), GroupProtos.content(after.getJoined()));
        page.addJoined(joined, image);
      }
    }
    return page.response.build();
  }

  /// An answer that is being made.
  private static final class Page {
    private final Content content;
    private final ContentRows rows;
    private final int limit;
    private final ListMembersResponse.Builder response = ListMembersResponse.newBuilder();

    Page(Content content, ContentRows rows, int limit) {
      this.content = content;
      this.rows = rows;
      this.limit = limit;
    }

    private int room() {
      return limit - response.getMembersCount();
    }

    /// @param after the last that was listed
    void addOwn(@Nullable Age after) {
      List<Age> images = rows.images(content, after, room());
      images.forEach(image -> response.addMembers(GroupRecords.member(content, image)));
      if (room() == 0) {
        response.setNext(MemberPosition.newBuilder().setImage(GroupProtos.proto(images.getLast())));
      } else {
        addJoined(null, null);
      }
    }

    /// @param joined the content that was listed last; null for none
    /// @param image its image that was listed last; null where all were
    void addJoined(@Nullable AgedContent joined, @Nullable Age image) {
      if (joined != null && image != null && !addImages(joined, image)) {
        return;
      }
      AgedContent after = joined;
      while (true) {
        List<AgedContent> part = rows.joined(content, after, room());
        for (AgedContent next : part) {
          if (room() == 0) {
            goOn(after, null, false);
            return;
          }
          if (!addImages(next, null)) {
            return;
          }
          after = next;
        }
        if (part.isEmpty()) {
          return;
        }
        if (room() == 0) {
          goOn(after, null, false);
          return;
        }
      }
    }

    /// Adds images of a content that has joined, as far as it has said them.
    ///
    /// @return whether the next content may follow
    private boolean addImages(AgedContent joined, @Nullable Age after) {
      @Nullable Joiner joiner = rows.joiner(content, joined.content());
      if (joiner == null) {
        return true;
      }
      Age last = after;
      for (Age image : joiner.first()) {
        if (after != null && image.compareTo(after) <= 0) {
          continue;
        }
        if (room() == 0) {
          goOn(joined, last, false);
          return false;
        }
        response.addMembers(GroupRecords.member(joined.content(), image));
        last = image;
      }
      if (joiner.images() > joiner.first().size()) {
        goOn(joined, last, true);
        return false;
      }
      return true;
    }

    private void goOn(@Nullable AgedContent joined, @Nullable Age image, boolean elsewhere) {
      MemberPosition.Builder position = MemberPosition.newBuilder();
      if (image != null) {
        position.setImage(GroupProtos.proto(image));
      }
      if (joined != null) {
        position
            .setJoined(GroupProtos.proto(joined.content()))
            .setJoinedAge(GroupProtos.proto(joined.age()));
      }
      response.setNext(position).setElsewhere(elsewhere);
    }
  }
}
