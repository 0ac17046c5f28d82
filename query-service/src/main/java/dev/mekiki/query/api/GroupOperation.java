package dev.mekiki.query.api;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.GroupPartitions;
import dev.mekiki.query.cluster.PartitionCalls.Reply;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.image.GroupId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.GetContentGroupRequest;
import dev.mekiki.schemas.v1.GetContentGroupResponse;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupContent;
import dev.mekiki.schemas.v1.GroupCursor;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.IndexGrpc.IndexFutureStub;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import dev.mekiki.schemas.v1.ListPartitionGroupsRequest;
import dev.mekiki.schemas.v1.ListPartitionGroupsResponse;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers about groups, from the index instances on which their partitions are active.
/// Thread-safe; it blocks.
final class GroupOperation {

  private final Backend backend;
  private final RequestCheck check;
  private final TenantRules tenants;

  /// @param tenants what each caller may see
  GroupOperation(Backend backend, RequestCheck check, TenantRules tenants) {
    this.backend = backend;
    this.check = check;
    this.tenants = tenants;
  }

  /// The partitions of contents as they stand.
  ///
  /// @param count how many there are
  record Partitions(GroupPartitions asked, int count) {
    /// The answer about a content.
    <T> T ask(GroupContent content, Function<IndexFutureStub, ListenableFuture<T>> call) {
      Content named =
          new Content(content.getTenant(), Sha256.of(content.getSha256().toByteArray()));
      return ask(named.partition(count), call);
    }

    /// The answer of a partition.
    ///
    /// @throws ApiException UNAVAILABLE where there is none
    <T> T ask(int partition, Function<IndexFutureStub, ListenableFuture<T>> call) {
      return switch (asked.ask(partition, call)) {
        case Reply.Answer<T>(var value) -> value;
        case Reply.NoAnswer<T>(var reason) ->
            throw ApiException.unavailable(
                "groups cannot be read now: %s (expected: an index instance that has the partition;"
                        .formatted(reason)
                    + " try again in a moment)");
      };
    }
  }

  /// @throws ApiException FAILED_PRECONDITION where groups are not kept
  private Partitions partitions(ClusterView view) {
    int count = view.groupPartitions();
    if (count == 0) {
      if (view.instances().isEmpty()) {
        throw ApiException.unavailable(
            "groups cannot be read now: no index instance is known (expected: a running one; start"
                + " it with `mekiki index`)");
      }
      throw new ApiException(
          Status.Code.FAILED_PRECONDITION,
          "groups are not kept (expected: mekiki.groups=on in the index instances)");
    }
    return new Partitions(
        new GroupPartitions(
            view, backend.clients(), Deadline.after(backend.limits().searchTimeout())),
        count);
  }

  private ClusterView view() {
    return backend.view(backend.generation());
  }

  /// All groups, some at a time.
  ListGroupsResponse list(Caller caller, ListGroupsRequest request) {
    @Nullable String tenant =
        tenants.searched(caller, request.hasTenant() ? request.getTenant() : null);
    int limit = Paging.limit(request.hasLimit() ? request.getLimit() : Paging.DEFAULT_LIMIT);
    GroupCursor cursor = cursor(request.getCursor());
    Partitions partitions = partitions(view());
    ListGroupsResponse.Builder response = ListGroupsResponse.newBuilder();
    int partition = cursor.getPartition();
    GroupContent after = cursor.hasContent() ? cursor.getContent() : null;
    while (partition < partitions.count()) {
      ListPartitionGroupsRequest.Builder question =
          ListPartitionGroupsRequest.newBuilder()
              .setPartition(partition)
              .setLimit(limit - response.getGroupsCount());
      if (tenant != null) {
        question.setTenant(tenant);
      }
      if (after != null) {
        question.setAfter(after);
      }
      ListPartitionGroupsResponse part =
          partitions.ask(partition, index -> index.listPartitionGroups(question.build()));
      response.addAllGroups(part.getGroupsList());
      if (part.hasNext()) {
        after = part.getNext();
      } else {
        after = null;
        partition++;
      }
      if (response.getGroupsCount() >= limit && partition < partitions.count()) {
        GroupCursor.Builder next = GroupCursor.newBuilder().setPartition(partition);
        if (after != null) {
          next.setContent(after);
        }
        return response.setNextCursor(Paging.text(next.build())).build();
      }
    }
    return response.build();
  }

  /// A group by its id.
  GetGroupResponse get(Caller caller, GetGroupRequest request) {
    GroupId id;
    try {
      id = GroupId.parse(request.getId());
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(String.valueOf(e.getMessage()));
    }
    int limit = Paging.limit(request.hasLimit() ? request.getLimit() : Paging.DEFAULT_LIMIT);
    GroupCursor cursor = cursor(request.getCursor());
    Partitions partitions = partitions(view());
    GroupContent content = content(id.tenant(), Sha256.fromHex(id.sha256()));
    @Nullable String seen = tenants.seen(caller);
    GetContentGroupResponse found =
        seen == null || seen.equals(id.tenant())
            ? group(partitions, content)
            : GetContentGroupResponse.getDefaultInstance();
    if (!found.hasGroup()) {
      throw new ApiException(
          Status.Code.NOT_FOUND,
          "group: '%s' is none (expected: the id of a group; one whose representative is gone has"
                  .formatted(BoundedText.quote(request.getId()))
              + " another id, which /v1/groups/of?id= shows for each member)");
    }
    return members(partitions, found.getGroup(), content, cursor, limit);
  }

  /// The group that an image is in.
  GetGroupResponse of(Caller caller, GetImageGroupRequest request) throws InterruptedException {
    int limit = Paging.limit(request.hasLimit() ? request.getLimit() : Paging.DEFAULT_LIMIT);
    ClusterView view = view();
    Partitions partitions = partitions(view);
    ImageCode code =
        backend
            .placedImage(backend.generation(), check.id(request.getImageId()), tenants.seen(caller))
            .image()
            .getCode();
    GroupContent content =
        GroupContent.newBuilder()
            .setTenant(tenants.shared() ? "" : code.getTenant())
            .setSha256(code.getSha256())
            .build();
    GetContentGroupResponse found = group(partitions, content);
    if (!found.hasGroup() && found.hasJoined()) {
      content = found.getJoined();
      found = group(partitions, content);
    }
    if (!found.hasGroup()) {
      throw new ApiException(
          Status.Code.NOT_FOUND,
          "id: '%s' is in no group (expected: an image of which there are copies)"
              .formatted(BoundedText.quote(request.getImageId())));
    }
    return members(partitions, found.getGroup(), content, GroupCursor.getDefaultInstance(), limit);
  }

  private static GetContentGroupResponse group(Partitions partitions, GroupContent content) {
    return partitions.ask(
        content,
        index ->
            index.getContentGroup(GetContentGroupRequest.newBuilder().setContent(content).build()));
  }

  private static GetGroupResponse members(
      Partitions partitions, Group header, GroupContent content, GroupCursor cursor, int limit) {
    GroupMembers members = new GroupMembers(partitions, content, cursor);
    members.read(limit, header.getCapped() ? header.getSize() : Long.MAX_VALUE);
    GetGroupResponse.Builder response =
        GetGroupResponse.newBuilder()
            .setGroup(
                header.toBuilder()
                    .addAllMembers(members.found())
                    .setTruncated(members.found().size() < header.getSize()));
    members.next().ifPresent(next -> response.setNextCursor(Paging.text(next)));
    return response.build();
  }

  private static GroupContent content(String tenant, Sha256 sha256) {
    return GroupContent.newBuilder()
        .setTenant(tenant)
        .setSha256(ByteString.fromHex(sha256.toHex()))
        .build();
  }

  private static GroupCursor cursor(String text) {
    GroupCursor cursor = Paging.cursor(text, GroupCursor.parser());
    if (cursor.getPartition() < 0 || cursor.getListed() < 0) {
      throw Paging.badCursor(text);
    }
    return cursor;
  }
}
