package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.schemas.v1.PlacedImage;

/// How groups are kept.
///
/// @param partitions number of partitions of contents, at least 1
/// @param tenantsShared whether images of different tenants may be in one group
/// @param maxSize most images that a group counts and lists, at least 2
/// @param maxMembersInRecord most images that a group's record names, at least 1
public record GroupSettings(
    int partitions, boolean tenantsShared, long maxSize, int maxMembersInRecord) {
  /// The content of an image.
  ///
  /// @param tenant of the image
  /// @param sha256 of its bytes
  Content content(String tenant, Sha256 sha256) {
    return new Content(tenantsShared ? "" : tenant, sha256);
  }

  /// The content of an image as placement knows it.
  Content content(PlacedImage image) {
    return content(
        image.getCode().getTenant(), Sha256.of(image.getCode().getSha256().toByteArray()));
  }
}
