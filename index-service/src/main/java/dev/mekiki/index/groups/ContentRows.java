package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Age;
import dev.mekiki.hashing.group.AgedContent;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ContentStatus;
import dev.mekiki.hashing.group.Joiner;
import dev.mekiki.hashing.group.Node;
import dev.mekiki.index.groups.GroupKeys.Kind;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.schemas.v1.GroupJoiner;
import dev.mekiki.schemas.v1.StoredContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a partition stores of its contents, to be read. As thread-safe as the store.
///
/// @param entries of the store
record ContentRows(EntryReader entries) {
  /// What is known of a content; {@link Node#NONE} where that is nothing.
  Node node(Content content) {
    @Nullable Node node =
        entries.get(
            GroupKeys.of(Kind.CONTENT, content), value -> node(StoredContent.parseFrom(value)));
    return node == null ? Node.NONE : node;
  }

  private static Node node(StoredContent stored) throws DefectiveRecordException {
    return new Node(
        stored.getImages(),
        stored.hasAnnounced() ? GroupProtos.status(stored.getAnnounced()) : ContentStatus.NONE,
        stored.hasJoined() ? GroupProtos.content(stored.getJoined()) : null,
        stored.getJoinedContents(),
        stored.getJoinedImages(),
        stored.getEmptySinceMillis(),
        stored.getPublished());
  }

  /// Images of a content, the oldest first.
  ///
  /// @param after begin behind this one; null: at the oldest
  /// @param limit most to return
  List<Age> images(Content content, @Nullable Age after, int limit) {
    byte[] beginning = GroupKeys.of(Kind.AGE, content).bytes();
    return entries.list(
        beginning,
        after == null ? null : age(content, after).bytes(),
        limit,
        (key, _) -> {
          GroupKeys.Reader reader = GroupKeys.after(beginning, key);
          long time = reader.number();
          return new Age(time, reader.last());
        });
  }

  static GroupKeys age(Content content, Age age) {
    return GroupKeys.of(Kind.AGE, content).number(age.timeMillis()).last(age.id());
  }

  /// Contents that have joined another, the oldest first.
  ///
  /// @param after begin behind this one; null: at the oldest
  /// @param limit most to return
  List<AgedContent> joined(Content representative, @Nullable AgedContent after, int limit) {
    byte[] beginning = GroupKeys.of(Kind.JOINER_AGE, representative).bytes();
    return entries.list(
        beginning,
        after == null ? null : joinerAge(representative, after).bytes(),
        limit,
        (key, _) -> GroupKeys.after(beginning, key).aged());
  }

  static GroupKeys joinerAge(Content representative, AgedContent joined) {
    return GroupKeys.of(Kind.JOINER_AGE, representative).aged(joined);
  }

  /// What a representative knows of a content that has joined it; null where it has not.
  @Nullable Joiner joiner(Content representative, Content joined) {
    return entries.get(
        joinerKey(representative, joined),
        value -> GroupProtos.joiner(GroupJoiner.parseFrom(value)));
  }

  static GroupKeys joinerKey(Content representative, Content joined) {
    return GroupKeys.of(Kind.JOINER, representative).content(joined);
  }

  /// Contents of which there are records of groups, in the order of their keys.
  ///
  /// @param tenant whose; null: everybody's
  /// @param after begin behind this one; null: at the first
  /// @param limit most to return
  List<Content> published(@Nullable String tenant, @Nullable Content after, int limit) {
    byte[] all = GroupKeys.of(Kind.PUBLISHED).bytes();
    return entries.list(
        tenant == null ? all : GroupKeys.of(Kind.PUBLISHED).tenant(tenant).bytes(),
        after == null ? null : GroupKeys.of(Kind.PUBLISHED, after).bytes(),
        limit,
        (key, _) -> GroupKeys.after(all, key).content());
  }
}
