package dev.mekiki.training.evaluation;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// A database in one order, which ranks images at the same distance: the earlier one is nearer.
/// Immutable, thread-safe.
///
/// A query ranks the database by counting: distances have few values, so that one pass over the
/// codes says how many images each distance holds, and a second one where each relevant image
/// stands. Nothing is sorted.
final class RankedDatabase {
  private final List<HashCode> codes;
  private final int[] labels;
  private final PackedDatabase packed;

  /// @param codes at least one, all of the same number of bits
  /// @param labels class of each; not copied
  RankedDatabase(List<HashCode> codes, int[] labels) {
    this.codes = List.copyOf(codes);
    this.labels = labels;
    this.packed = new PackedDatabase(codes);
  }

  int size() {
    return labels.length;
  }

  int bits() {
    return packed.bits();
  }

  /// The same images in a seeded random order.
  RankedDatabase shuffled(long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    return new RankedDatabase(
        order.stream().map(codes::get).toList(), order.stream().mapToInt(i -> labels[i]).toArray());
  }

  /// Number of images at each distance from a query, 0 to bits.
  int[] counts(HashCode query) {
    int bits = bits();
    int[] images = new int[bits + 1];
    for (short distance : packed.distances(query)) {
      images[distance]++;
    }
    return images;
  }

  /// Ranks the database for a query.
  ///
  /// @param label class of the query
  Ranks ranks(HashCode query, int label) {
    int bits = bits();
    short[] distances = packed.distances(query);
    int[] images = new int[bits + 1];
    int[] relevant = new int[bits + 1];
    for (int i = 0; i < distances.length; i++) {
      images[distances[i]]++;
      if (labels[i] == label) {
        relevant[distances[i]]++;
      }
    }
    // The next rank at each distance, and the place of the next relevant rank among all of them.
    int[] rank = new int[bits + 1];
    int[] place = new int[bits + 1];
    for (int distance = 1; distance <= bits; distance++) {
      rank[distance] = rank[distance - 1] + images[distance - 1];
      place[distance] = place[distance - 1] + relevant[distance - 1];
    }
    int[] ranks = new int[place[bits] + relevant[bits]];
    for (int i = 0; i < distances.length; i++) {
      int distance = distances[i];
      int own = ++rank[distance];
      if (labels[i] == label) {
        ranks[place[distance]++] = own;
      }
    }
    return new Ranks(images, relevant, ranks);
  }

  /// The positions of the nearest images, nearest first.
  ///
  /// @param count of them, fewer where the database is smaller
  List<Integer> nearest(HashCode query, int count) {
    short[] distances = packed.distances(query);
    return IntStream.range(0, distances.length)
        .boxed()
        .sorted((a, b) -> Integer.compare(distances[a], distances[b]))
        .limit(count)
        .toList();
  }

  /// What a query finds.
  ///
  /// @param images number of them at each distance, 0 to bits
  /// @param relevant of these, those of the query's class
  /// @param relevantRanks rank of each relevant image, from 1, ascending
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Ranks(int[] images, int[] relevant, int[] relevantRanks) {
    /// Average precision within the first k: the mean of the precisions at the relevant images
    /// found there; 0 where there are none.
    double averagePrecision(int k) {
      double sum = 0;
      int found = 0;
      for (int rank : relevantRanks) {
        if (rank > k) {
          break;
        }
        found++;
        sum += (double) found / rank;
      }
      return found == 0 ? 0 : sum / found;
    }
  }
}
