package dev.mekiki.hashing.bucket;

/// An image that is put and whose match candidates are searched for, with its distances to the
/// centers: both need them, and they are computed once. Made by {@link PartitionIndex#arrival};
/// immutable.
public final class Arrival {
  final LocatedImage image;
  final int[] centerDistances;

  Arrival(LocatedImage image, int[] centerDistances) {
    this.image = image;
    this.centerDistances = centerDistances;
  }
}
