package dev.mekiki.query.search;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// What one wave asks of some partitions: the k nearest within a radius.
///
/// @param partitions at least one
/// @param code q bits
/// @param fingerprint 32 bytes, or empty
/// @param radius 0 to q
/// @param k at least 1
/// @param filter metadata that every hit has: key = value
public record Question(
    SortedSet<Integer> partitions,
    HashCode code,
    ByteString fingerprint,
    int radius,
    int k,
    Map<String, String> filter) {
  public Question {
    filter = Map.copyOf(filter);
    partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
  }

  /// The same question to fewer partitions.
  public Question of(SortedSet<Integer> some) {
    return new Question(some, code, fingerprint, radius, k, filter);
  }
}
