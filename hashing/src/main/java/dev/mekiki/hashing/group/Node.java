package dev.mekiki.hashing.group;

import org.jspecify.annotations.Nullable;

/// What is known of a content, beside its images and those that match it.
///
/// @param images number of its images
/// @param announced its status as those that match it have it, or are about to
/// @param joined the representative that it has joined; null if it has joined none
/// @param joinedContents number of contents that have joined it
/// @param joinedImages number of their images
/// @param emptySinceMillis when it was last left without images, or a match of it was reported
///   while it had none; milliseconds since the epoch, without meaning while it has images
/// @param published whether there is a record of its group
public record Node(
    long images,
    ContentStatus announced,
    @Nullable Content joined,
    long joinedContents,
    long joinedImages,
    long emptySinceMillis,
    boolean published) {
  /// Of a content of which nothing is known.
  public static final Node NONE = new Node(0, ContentStatus.NONE, null, 0, 0, 0, false);

  /// Number of images of the group that it represents, its own included.
  public long size() {
    return images + joinedImages;
  }

  /// Whether it represents a group: one image alone is none.
  public boolean isGroup() {
    return announced.representative() && size() > 1;
  }

  Node withImages(long number) {
    return new Node(
        number, announced, joined, joinedContents, joinedImages, emptySinceMillis, published);
  }

  Node withAnnounced(ContentStatus status) {
    return new Node(
        images, status, joined, joinedContents, joinedImages, emptySinceMillis, published);
  }

  Node withJoined(@Nullable Content representative) {
    return new Node(
        images,
        announced,
        representative,
        joinedContents,
        joinedImages,
        emptySinceMillis,
        published);
  }

  Node withJoiner(int contents, long byImages) {
    return new Node(
        images,
        announced,
        joined,
        joinedContents + contents,
        joinedImages + byImages,
        emptySinceMillis,
        published);
  }

  Node emptySince(long millis) {
    return new Node(images, announced, joined, joinedContents, joinedImages, millis, published);
  }

  Node withPublished(boolean isPublished) {
    return new Node(
        images, announced, joined, joinedContents, joinedImages, emptySinceMillis, isPublished);
  }
}
