package dev.mekiki.hashing.center;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.List;

/// All hash centers of a generation, numbered from 0, with the labels of their classes. Immutable.
///
/// @param bits q of every center
/// @param centers at least one, each of q bits
/// @param labels one for each center, in the same order
public record CenterTable(int bits, List<HashCode> centers, List<String> labels) {
  public CenterTable {
    centers = List.copyOf(centers);
    labels = List.copyOf(labels);
    if (centers.isEmpty()) {
      throw new IllegalArgumentException("centers: none (expected: at least 1)");
    }
    if (labels.size() != centers.size()) {
      throw new IllegalArgumentException(
          "labels: %d (expected: %d, one for each center)"
              .formatted(labels.size(), centers.size()));
    }
    for (HashCode center : centers) {
      if (center.bits() != bits) {
        throw new IllegalArgumentException(
            "center: %d bits (expected: %d)".formatted(center.bits(), bits));
      }
    }
  }

  /// This table with one more center behind its own.
  ///
  /// @throws IllegalArgumentException if the label is there already, or the center is of another
  ///   number of bits
  public CenterTable plus(HashCode center, String label) {
    if (labels.contains(label)) {
      throw new IllegalArgumentException(
          "label: '%s' is there already (expected: a new one)".formatted(label));
    }
    List<HashCode> moreCenters = new ArrayList<>(centers);
    moreCenters.add(center);
    List<String> moreLabels = new ArrayList<>(labels);
    moreLabels.add(label);
    return new CenterTable(bits, moreCenters, moreLabels);
  }

  /// Number of centers.
  public int size() {
    return centers.size();
  }

  /// The smallest distance of two centers: q + 1 where there is only one.
  public int minimumDistance() {
    int smallest = bits + 1;
    for (int i = 1; i < centers.size(); i++) {
      for (int j = 0; j < i; j++) {
        smallest = Math.min(smallest, centers.get(i).distance(centers.get(j)));
      }
    }
    return smallest;
  }

  public HashCode center(int id) {
    return centers.get(id);
  }

  public String label(int id) {
    return labels.get(id);
  }

  /// Hamming distance of a code to each center, by center id.
  public int[] distances(HashCode code) {
    int[] distances = new int[centers.size()];
    for (int center = 0; center < distances.length; center++) {
      distances[center] = code.distance(centers.get(center));
    }
    return distances;
  }

  /// The bucket and shell of a code.
  public Cell cell(HashCode code) {
    return cell(distances(code));
  }

  /// The bucket and shell of the code that has the given distances to the centers.
  public static Cell cell(int[] distances) {
    int nearest = 0;
    for (int center = 1; center < distances.length; center++) {
      if (distances[center] < distances[nearest]) {
        nearest = center;
      }
    }
    return new Cell(nearest, distances[nearest]);
  }

  /// Where a code lies.
  ///
  /// @param center the bucket: its nearest center, ties to the smallest id
  /// @param shell its Hamming distance to that center
  public record Cell(int center, int shell) {}
}
