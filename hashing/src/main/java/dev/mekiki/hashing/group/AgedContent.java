package dev.mekiki.hashing.group;

import java.util.Comparator;

/// A content with its age, that of its oldest image: the order in which contents represent groups.
/// No two contents have one image, but for a moment both may seem to; then the content decides.
///
/// @param age of its oldest image
/// @param content the content
public record AgedContent(Age age, Content content) implements Comparable<AgedContent> {
  private static final Comparator<AgedContent> ORDER =
      Comparator.comparing(AgedContent::age).thenComparing(AgedContent::content);

  @Override
  public int compareTo(AgedContent other) {
    return ORDER.compare(this, other);
  }
}
