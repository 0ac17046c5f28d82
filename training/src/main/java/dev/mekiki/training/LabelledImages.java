package dev.mekiki.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Small pictures of known classes, all of one size, in memory.
///
/// @param description what they are and where they come from, for the manifest
/// @param side pixels of each edge
/// @param classNames by class id
/// @param pixels of each picture: side x side x (red, green, blue), row-major; not copied
/// @param labels class id of each picture; not copied
@SuppressWarnings("ArrayRecordComponent") // a data set, never compared
public record LabelledImages(
    String description, int side, List<String> classNames, List<byte[]> pixels, int[] labels) {
  public LabelledImages {
    classNames = List.copyOf(classNames);
    pixels = List.copyOf(pixels);
    if (pixels.size() != labels.length) {
      throw new IllegalArgumentException(
          "labels: %d (expected: %d, one for each picture)"
              .formatted(labels.length, pixels.size()));
    }
    for (byte[] picture : pixels) {
      if (picture.length != side * side * 3) {
        throw new IllegalArgumentException(
            "picture: %d bytes (expected: %d)".formatted(picture.length, side * side * 3));
      }
    }
    for (int label : labels) {
      if (label < 0 || label >= classNames.size()) {
        throw new IllegalArgumentException(
            "label: %d (expected: 0..%d)".formatted(label, classNames.size() - 1));
      }
    }
  }

  public int size() {
    return labels.length;
  }

  /// The same pictures cut in two by a seeded shuffle.
  ///
  /// @param share of the pictures that goes into the second part, above 0 and below 1
  public Split split(double share, long seed) {
    List<Integer> order = shuffled(seed);
    int held = (int) Math.round(size() * share);
    return new Split(subset(order.subList(held, order.size())), subset(order.subList(0, held)));
  }

  /// All positions in a seeded random order.
  List<Integer> shuffled(long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  /// The pictures at the given positions, in that order.
  public LabelledImages subset(List<Integer> positions) {
    return new LabelledImages(
        description,
        side,
        classNames,
        positions.stream().map(pixels::get).toList(),
        positions.stream().mapToInt(i -> labels[i]).toArray());
  }

  /// Two parts of a data set.
  ///
  /// @param training what to learn from
  /// @param test what to measure with
  public record Split(LabelledImages training, LabelledImages test) {}
}
