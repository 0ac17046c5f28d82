package dev.mekiki.hashing.group;

import java.util.List;

/// What a representative knows of a content that has joined it.
///
/// @param age of its oldest image
/// @param images number of its images, at least 1
/// @param first its oldest images, a bounded number of them, the oldest first
public record Joiner(Age age, long images, List<Age> first) {
  /// Most images that are named.
  public static final int MAX_FIRST = 100;

  public Joiner {
    first = List.copyOf(first);
  }
}
