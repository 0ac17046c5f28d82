package dev.mekiki.hashing.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a partition stores of its contents. Lists are read in parts, so that none has to fit into
/// memory. Used by one thread.
public interface GroupTables {
  /// What is known of a content; {@link Node#NONE} where that is nothing.
  Node node(Content content);

  /// Replaces what is known of a content; {@link Node#NONE} removes it.
  void putNode(Content content, Node node);

  /// An image of a content; null where it has none of that id.
  @Nullable Member member(Content content, String id);

  /// Adds an image to a content that has none of that id.
  void addMember(Content content, Member member);

  /// Removes an image from a content that has it.
  void removeMember(Content content, Member member);

  /// The oldest images of a content, the oldest first.
  ///
  /// @param limit most to return
  List<Age> oldest(Content content, int limit);

  /// What a content knows of one that matches it; null where it knows of none such.
  @Nullable Neighbour neighbour(Content content, Content other);

  /// Adds or replaces what a content knows of one that matches it.
  void putNeighbour(Content content, Content other, Neighbour neighbour);

  /// Removes what a content knows of another one.
  void removeNeighbour(Content content, Content other);

  /// Those that match a content, in their order.
  ///
  /// @param after begin behind this one; null: at the first
  /// @param limit most to return
  List<Content> neighbours(Content content, @Nullable Content after, int limit);

  /// The oldest of those that match a content and represent a group; null where none does.
  @Nullable AgedContent oldestRepresentative(Content content);

  /// What a representative knows of a content that has joined it; null where it has not.
  @Nullable Joiner joiner(Content representative, Content joined);

  /// Adds or replaces a content that has joined another.
  void putJoiner(Content representative, Content joined, Joiner joiner);

  /// Removes a content that had joined another.
  void removeJoiner(Content representative, Content joined);

  /// Notes that the group of a content may have changed.
  void putChanged(Content content);

  /// Removes that note.
  void removeChanged(Content content);

  /// Contents whose group may have changed.
  ///
  /// @param limit most to return
  List<Content> changed(int limit);
}
