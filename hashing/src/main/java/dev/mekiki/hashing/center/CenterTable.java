package dev.mekiki.hashing.center;

import dev.mekiki.hashing.code.HashCode;
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

  /// Number of centers.
  public int size() {
    return centers.size();
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
