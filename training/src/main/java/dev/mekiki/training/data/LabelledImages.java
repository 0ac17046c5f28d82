package dev.mekiki.training.data;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

  /// Requires that a network can learn from these images and be measured with others.
  ///
  /// @param test images to measure with what was learnt from these
  /// @param size of the network's input, pixels of each edge
  /// @throws IllegalArgumentException where a network of that size cannot learn from these and be
  ///   measured with those
  public void requireTestable(LabelledImages test, int size) {
    if (side != size || test.side != size) {
      throw new IllegalArgumentException(
          "images: %d and %d px (expected: %d, the network's input)"
              .formatted(side, test.side, size));
    }
    if (!classNames.equals(test.classNames)) {
      throw new IllegalArgumentException("classes: the test images have others than the training");
    }
    if (size() < 2 || test.size() == 0) {
      throw new IllegalArgumentException(
          "images: %d and %d for testing (expected: at least 2, and 1)"
              .formatted(size(), test.size()));
    }
  }

  /// The same pictures cut in two by a seeded shuffle, each class in the same proportion. A class
  /// of a single picture goes into the first part.
  ///
  /// @param share of the pictures that goes into the second part, above 0 and below 1
  public Split split(double share, long seed) {
    SplitPositions positions = SplitPositions.of(labels, classNames.size(), share, seed);
    return new Split(subset(positions.training()), subset(positions.test()));
  }

  /// Number of pictures of each class.
  public int[] classSizes() {
    int[] sizes = new int[classNames.size()];
    for (int label : labels) {
      sizes[label]++;
    }
    return sizes;
  }

  /// How many of these images have the center of their class nearest to their code, 0 to 1.
  ///
  /// @param centers whose labels are names of classes, others' among them
  /// @param codes of these images, in their order
  public double nearestCenterAccuracy(CenterTable centers, List<HashCode> codes) {
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      String nearest = centers.label(centers.cell(codes.get(i)).center());
      if (nearest.equals(classNames.get(labels[i]))) {
        right++;
      }
    }
    return (double) right / labels.length;
  }

  /// All positions in a seeded random order, those of rare classes more than once: a class of n
  /// pictures, the largest having m, is drawn as if it had the square root of nm (Mahajan et al.,
  /// "Exploring the limits of weakly supervised pretraining", 2018). Classes of one size are drawn
  /// once.
  List<Integer> balanced(long seed) {
    int[] sizes = classSizes();
    int largest = Arrays.stream(sizes).max().orElse(0);
    List<Integer> order = positions();
    int[] seen = new int[sizes.length];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      int extra = draws(sizes[label], largest) - sizes[label];
      int place = seen[label]++;
      int repeats = extra / sizes[label] + (place < extra % sizes[label] ? 1 : 0);
      order.addAll(Collections.nCopies(repeats, i));
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  /// Length of {@link #balanced}.
  int balancedSize() {
    int[] sizes = classSizes();
    int largest = Arrays.stream(sizes).max().orElse(0);
    return Arrays.stream(sizes).map(size -> draws(size, largest)).sum();
  }

  private static int draws(int size, int largest) {
    return (int) Math.round(Math.sqrt((double) size * largest));
  }

  /// All positions in a seeded random order.
  public List<Integer> shuffled(long seed) {
    List<Integer> order = positions();
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  private List<Integer> positions() {
    List<Integer> positions = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      positions.add(i);
    }
    return positions;
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

  /// The same pictures, a share of them under the name of another class, as {@link WrongLabels}
  /// draws them.
  ///
  /// @param share 0 to 1
  public LabelledImages mislabelled(float share, long seed) {
    return new LabelledImages(
        "%s, a share of %s of the labels wrong by seed %d".formatted(description, share, seed),
        side,
        classNames,
        pixels,
        WrongLabels.of(labels, classNames.size(), share, seed));
  }

  /// These pictures followed by others of the same classes and size.
  public LabelledImages with(LabelledImages others) {
    if (others.side() != side || !others.classNames().equals(classNames)) {
      throw new IllegalArgumentException(
          "images: %d px of %d classes (expected: %d px of the same %d classes)"
              .formatted(others.side(), others.classNames().size(), side, classNames.size()));
    }
    return new LabelledImages(
        description + " and " + others.description(),
        side,
        classNames,
        Stream.concat(pixels.stream(), others.pixels().stream()).toList(),
        IntStream.concat(Arrays.stream(labels), Arrays.stream(others.labels())).toArray());
  }

  /// Two parts of a data set.
  ///
  /// @param training what to learn from
  /// @param test what to measure with
  public record Split(LabelledImages training, LabelledImages test) {}
}
