package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.CenterTable;

/// An image with everything that a put computes without reading the structure. Made by {@link
/// PartitionIndex#locate}; immutable, so that one thread can locate images while another puts them.
public final class LocatedImage {
  final IndexedImage image;
  final byte[] id;
  final CenterTable.Cell cell;

  LocatedImage(IndexedImage image, byte[] id, CenterTable.Cell cell) {
    this.image = image;
    this.id = id;
    this.cell = cell;
  }
}
