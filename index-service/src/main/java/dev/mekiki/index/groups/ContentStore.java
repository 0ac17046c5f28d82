package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Age;
import dev.mekiki.hashing.group.AgedContent;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.GroupTables;
import dev.mekiki.hashing.group.Joiner;
import dev.mekiki.hashing.group.Member;
import dev.mekiki.hashing.group.Neighbour;
import dev.mekiki.hashing.group.Node;
import dev.mekiki.index.groups.GroupKeys.Kind;
import dev.mekiki.index.groups.VerdictSweep.MatchingPair;
import dev.mekiki.schemas.v1.PlacedMember;
import dev.mekiki.schemas.v1.StoredContent;
import dev.mekiki.schemas.v1.StoredNeighbour;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a partition stores of its contents: each image, each match and each content that has joined
/// is an entry of its own, so that no content is too large for a value. Owned by one stream thread.
///
/// @param entries of the store
/// @param rows the same, to be read
record ContentStore(EntryWriter entries, ContentRows rows) implements GroupTables {
  ContentStore(EntryWriter entries) {
    this(entries, new ContentRows(entries));
  }

  @Override
  public Node node(Content content) {
    return rows.node(content);
  }

  @Override
  public void putNode(Content content, Node node) {
    GroupKeys key = GroupKeys.of(Kind.CONTENT, content);
    if (node.equals(Node.NONE)) {
      entries.removeIfThere(key);
      return;
    }
    StoredContent.Builder stored =
        StoredContent.newBuilder()
            .setImages(node.images())
            .setAnnounced(GroupProtos.proto(node.announced()))
            .setJoinedContents(node.joinedContents())
            .setJoinedImages(node.joinedImages())
            .setEmptySinceMillis(node.emptySinceMillis())
            .setPublished(node.published());
    Content joined = node.joined();
    if (joined != null) {
      stored.setJoined(GroupProtos.proto(joined));
    }
    entries.put(key, stored.build());
  }

  @Override
  public @Nullable Member member(Content content, String id) {
    return entries.get(
        GroupKeys.of(Kind.MEMBER, content).last(id),
        value -> GroupProtos.member(PlacedMember.parseFrom(value)));
  }

  @Override
  public void addMember(Content content, Member member) {
    entries.put(GroupKeys.of(Kind.MEMBER, content).last(member.id()), GroupProtos.proto(member));
    entries.put(ContentRows.age(content, member.age()));
  }

  @Override
  public void removeMember(Content content, Member member) {
    entries.remove(GroupKeys.of(Kind.MEMBER, content).last(member.id()));
    entries.remove(ContentRows.age(content, member.age()));
  }

  @Override
  public List<Age> oldest(Content content, int limit) {
    return rows.images(content, null, limit);
  }

  @Override
  public @Nullable Neighbour neighbour(Content content, Content other) {
    return entries.get(
        GroupKeys.of(Kind.NEIGHBOUR, content).content(other),
        value -> {
          StoredNeighbour stored = StoredNeighbour.parseFrom(value);
          return new Neighbour(GroupProtos.status(stored.getStatus()), stored.getDismissed());
        });
  }

  @Override
  public void putNeighbour(Content content, Content other, Neighbour neighbour) {
    @Nullable Neighbour known = neighbour(content, other);
    represent(content, other, known, neighbour);
    dismiss(content, other, known != null && known.dismissed(), neighbour.dismissed());
    entries.put(
        GroupKeys.of(Kind.NEIGHBOUR, content).content(other),
        StoredNeighbour.newBuilder()
            .setStatus(GroupProtos.proto(neighbour.status()))
            .setDismissed(neighbour.dismissed())
            .build());
  }

  @Override
  public void removeNeighbour(Content content, Content other) {
    @Nullable Neighbour known = neighbour(content, other);
    if (known != null) {
      represent(content, other, known, null);
      dismiss(content, other, known.dismissed(), false);
      entries.remove(GroupKeys.of(Kind.NEIGHBOUR, content).content(other));
    }
  }

  /// Keeps those that represent a group in the order of their age.
  private void represent(
      Content content, Content other, @Nullable Neighbour before, @Nullable Neighbour now) {
    @Nullable Age old = before != null && before.represents() ? before.status().age() : null;
    @Nullable Age age = now != null && now.represents() ? now.status().age() : null;
    if (old != null && !old.equals(age)) {
      entries.remove(representative(content, new AgedContent(old, other)));
    }
    if (age != null && !age.equals(old)) {
      entries.put(representative(content, new AgedContent(age, other)));
    }
  }

  private void dismiss(Content content, Content other, boolean before, boolean now) {
    GroupKeys key = GroupKeys.of(Kind.DISMISSED, content).content(other);
    if (now && !before) {
      entries.put(key);
    } else if (before && !now) {
      entries.remove(key);
    }
  }

  /// Pairs of which one content is here, in the order of their keys.
  ///
  /// @param after begin behind this one; null: at the first
  /// @param limit most to return
  List<MatchingPair> matching(@Nullable MatchingPair after, int limit) {
    return pairs(Kind.NEIGHBOUR, after, limit);
  }

  /// Those of these pairs that are noted as dismissed.
  List<MatchingPair> dismissed(@Nullable MatchingPair after, int limit) {
    return pairs(Kind.DISMISSED, after, limit);
  }

  private List<MatchingPair> pairs(Kind kind, @Nullable MatchingPair after, int limit) {
    byte[] beginning = GroupKeys.of(kind).bytes();
    return entries.list(
        beginning,
        after == null ? null : GroupKeys.of(kind, after.content()).content(after.other()).bytes(),
        limit,
        (key, _) -> {
          GroupKeys.Reader reader = GroupKeys.after(beginning, key);
          return new MatchingPair(reader.content(), reader.content());
        });
  }

  private static GroupKeys representative(Content content, AgedContent other) {
    return GroupKeys.of(Kind.REPRESENTATIVE, content).aged(other);
  }

  @Override
  public List<Content> neighbours(Content content, @Nullable Content after, int limit) {
    byte[] beginning = GroupKeys.of(Kind.NEIGHBOUR, content).bytes();
    return entries.list(
        beginning,
        after == null ? null : GroupKeys.of(Kind.NEIGHBOUR, content).content(after).bytes(),
        limit,
        (key, _) -> GroupKeys.after(beginning, key).content());
  }

  @Override
  public @Nullable AgedContent oldestRepresentative(Content content) {
    byte[] beginning = GroupKeys.of(Kind.REPRESENTATIVE, content).bytes();
    List<AgedContent> first =
        entries.list(beginning, null, 1, (key, _) -> GroupKeys.after(beginning, key).aged());
    return first.isEmpty() ? null : first.getFirst();
  }

  @Override
  public @Nullable Joiner joiner(Content representative, Content joined) {
    return rows.joiner(representative, joined);
  }

  @Override
  public void putJoiner(Content representative, Content joined, Joiner joiner) {
    @Nullable Joiner known = joiner(representative, joined);
    if (known == null || !known.age().equals(joiner.age())) {
      if (known != null) {
        entries.remove(ContentRows.joinerAge(representative, new AgedContent(known.age(), joined)));
      }
      entries.put(ContentRows.joinerAge(representative, new AgedContent(joiner.age(), joined)));
    }
    entries.put(ContentRows.joinerKey(representative, joined), GroupProtos.proto(joiner));
  }

  @Override
  public void removeJoiner(Content representative, Content joined) {
    @Nullable Joiner known = joiner(representative, joined);
    if (known != null) {
      entries.remove(ContentRows.joinerAge(representative, new AgedContent(known.age(), joined)));
      entries.remove(ContentRows.joinerKey(representative, joined));
    }
  }

  @Override
  public void putChanged(Content content) {
    GroupKeys key = GroupKeys.of(Kind.CHANGED, content);
    if (!entries.has(key)) {
      entries.put(key);
    }
  }

  @Override
  public void removeChanged(Content content) {
    entries.remove(GroupKeys.of(Kind.CHANGED, content));
  }

  @Override
  public List<Content> changed(int limit) {
    byte[] beginning = GroupKeys.of(Kind.CHANGED).bytes();
    return entries.list(
        beginning, null, limit, (key, _) -> GroupKeys.after(beginning, key).content());
  }

  /// Notes whether there is a record of a content's group.
  void setPublished(Content content, boolean isPublished) {
    GroupKeys key = GroupKeys.of(Kind.PUBLISHED, content);
    if (isPublished && !entries.has(key)) {
      entries.put(key);
    } else if (!isPublished) {
      entries.removeIfThere(key);
    }
  }
}
