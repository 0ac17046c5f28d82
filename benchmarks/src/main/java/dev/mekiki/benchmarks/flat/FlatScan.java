package dev.mekiki.benchmarks.flat;

import dev.mekiki.hashing.scan.HammingKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Exact search of a flat array of codes, every code compared with every query: what a search costs
/// where nothing can be skipped, and the reference that the partition's structure is measured by.
/// Immutable and thread-safe as long as the array is left alone.
public final class FlatScan {
  /// Codes of one word that fit the second-level cache beside what a scan writes; scans of fewer at
  /// a time start too often.
  private static final int TILE = 1 << 14;

  /// The first tile, while every code is a hit: each later one doubles.
  private static final int FIRST_TILE = 64;

  private final long[] codes;
  private final int size;
  private final int words;
  private final HammingKernel kernel = HammingKernel.chosen();

  /// @param codes word j of code i at `codes[j * size + i]`
  /// @param size number of codes
  /// @param bits q, 1 to 256
  public FlatScan(long[] codes, int size, int bits) {
    this.words = (bits + Long.SIZE - 1) / Long.SIZE;
    if (codes.length != (long) size * words) {
      throw new IllegalArgumentException(
          "codes: %d longs (expected: %d, %d for each of %d codes)"
              .formatted(codes.length, (long) size * words, words, size));
    }
    this.codes = codes;
    this.size = size;
  }

  /// The k nearest codes.
  ///
  /// @param query the words of a code
  /// @param k at least 1
  public Nearest nearest(long[] query, int k) {
    return nearest(List.of(query), k).getFirst();
  }

  /// The k nearest codes of each query, in the order of the queries. Codes are read in tiles, each
  /// compared with all queries while it is in the cache, so that a block of queries reads the array
  /// once.
  public List<Nearest> nearest(List<long[]> queries, int k) {
    List<Best> best = new ArrayList<>(queries.size());
    for (long[] query : queries) {
      if (query.length != words) {
        throw new IllegalArgumentException(
            "query: %d longs (expected: %d)".formatted(query.length, words));
      }
      best.add(new Best(query, Math.min(k, size)));
    }
    List<Best> byLimit = new ArrayList<>(best);
    int[] positions = new int[TILE];
    int[] distances = new int[TILE];
    int tile = FIRST_TILE;
    for (int from = 0; from < size; ) {
      int to = Math.min(from + tile, size);
      int alone = 0;
      if (words == 1 && best.size() >= HammingKernel.QUERIES) {
        // Those with like limits together, for the four of a group share the largest.
        byLimit.sort(Comparator.comparingInt(of -> of.limit));
        alone = best.size() - best.size() % HammingKernel.QUERIES;
        for (int first = 0; first < alone; first += HammingKernel.QUERIES) {
          scan(byLimit.subList(first, first + HammingKernel.QUERIES), from, to, positions);
        }
      }
      for (Best of : byLimit.subList(alone, best.size())) {
        int found = kernel.within(codes, size, from, to, of.query, of.limit, positions, distances);
        for (int i = 0; i < found; i++) {
          of.offer(positions[i], distances[i]);
        }
      }
      from = to;
      tile = Math.min(2 * tile, TILE);
    }
    return best.stream().map(Best::result).toList();
  }

  /// Compares a tile of codes of one word with four queries.
  private void scan(List<Best> group, int from, int to, int[] positions) {
    long[] queries = new long[HammingKernel.QUERIES];
    int limit = 0;
    for (int i = 0; i < queries.length; i++) {
      queries[i] = group.get(i).query[0];
      limit = Math.max(limit, group.get(i).limit);
    }
    int found = kernel.withinAny(codes, from, to, queries, limit, positions);
    for (int i = 0; i < found; i++) {
      long code = codes[positions[i]];
      for (Best of : group) {
        int distance = Long.bitCount(code ^ of.query[0]);
        if (distance <= of.limit) {
          of.offer(positions[i], distance);
        }
      }
    }
  }

  /// The sum of all words: what a plain read of the array costs.
  public long sum() {
    return kernel.sum(codes);
  }

  /// The k best so far, each as its distance in the upper and its position in the lower half of a
  /// long, ascending: that order is the order of answers.
  private static final class Best {
    final long[] query;
    final long[] kept;
    int count;

    /// For the next tile, whose positions are larger than those kept: once k are known, only a
    /// nearer code matters.
    int limit = Integer.MAX_VALUE;

    Best(long[] query, int k) {
      this.query = query;
      this.kept = new long[k];
    }

    void offer(int position, int distance) {
      long hit = ((long) distance << Integer.SIZE) | position;
      if (count == kept.length && hit > kept[count - 1]) {
        return;
      }
      int at = -1 - Arrays.binarySearch(kept, 0, count, hit);
      int moved = Math.min(count, kept.length - 1) - at;
      System.arraycopy(kept, at, kept, at + 1, moved);
      kept[at] = hit;
      if (count < kept.length) {
        count++;
      }
      if (count == kept.length) {
        limit = (int) (kept[count - 1] >>> Integer.SIZE) - 1;
      }
    }

    Nearest result() {
      int[] positions = new int[count];
      int[] distances = new int[count];
      for (int i = 0; i < count; i++) {
        positions[i] = (int) kept[i];
        distances[i] = (int) (kept[i] >>> Integer.SIZE);
      }
      return new Nearest(positions, distances);
    }
  }
}
