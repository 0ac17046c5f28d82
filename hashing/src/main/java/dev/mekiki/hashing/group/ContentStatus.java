package dev.mekiki.hashing.group;

import org.jspecify.annotations.Nullable;

/// What a content announces to those that match it.
///
/// @param age of its oldest image; null while it has no image
/// @param representative whether it represents a group; false while it has no image
public record ContentStatus(@Nullable Age age, boolean representative) {
  /// That of a content without images, and of one that has said nothing yet.
  public static final ContentStatus NONE = new ContentStatus(null, false);
}
