package dev.mekiki.hashing.group;

import dev.mekiki.hashing.bucket.IdOrder;
import java.util.Comparator;

/// How old an image is: ordered from the oldest to the youngest, by time, then by id.
///
/// @param timeMillis timestamp of its record on `images`, milliseconds since the epoch
/// @param id the image id
public record Age(long timeMillis, String id) implements Comparable<Age> {
  private static final Comparator<Age> ORDER =
      Comparator.comparingLong(Age::timeMillis).thenComparing(Age::id, IdOrder.COMPARATOR);

  @Override
  public int compareTo(Age other) {
    return ORDER.compare(this, other);
  }
}
