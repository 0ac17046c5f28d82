package dev.mekiki.hashing.match;

/// The source coordinate of the change that made a revision of an image.
///
/// @param topic the topic the image came on
/// @param partition its partition
/// @param offset its offset
public record Revision(String topic, int partition, long offset) {
  /// Whether this stands behind another in the same partition. Of two revisions of one image it is
  /// then the newer, unless the topic was deleted and created again.
  public boolean isLaterThan(Revision other) {
    return topic.equals(other.topic) && partition == other.partition && offset > other.offset;
  }
}
