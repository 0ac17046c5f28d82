package dev.mekiki.hashing.scan;

/// The plain form, which the vector form is held to.
final class ScalarKernel implements HammingKernel {
  @Override
  public int within(
      long[] codes,
      int stride,
      int from,
      int to,
      long[] query,
      int limit,
      int[] positions,
      int[] distances) {
    return scan(codes, stride, from, to, query, limit, positions, distances, 0);
  }

  /// Appends to the `found` hits that the arrays hold already.
  static int scan(
      long[] codes,
      int stride,
      int from,
      int to,
      long[] query,
      int limit,
      int[] positions,
      int[] distances,
      int found) {
    for (int position = from; position < to; position++) {
      int distance = 0;
      for (int word = 0; word < query.length; word++) {
        distance += Long.bitCount(codes[word * stride + position] ^ query[word]);
      }
      if (distance <= limit) {
        positions[found] = position;
        distances[found] = distance;
        found++;
      }
    }
    return found;
  }

  @Override
  public int withinAny(long[] codes, int from, int to, long[] queries, int limit, int[] positions) {
    return scanAny(codes, from, to, queries, limit, positions, 0);
  }

  /// Appends to the `count` positions that the array holds already.
  static int scanAny(
      long[] codes, int from, int to, long[] queries, int limit, int[] positions, int count) {
    int end = count;
    for (int position = from; position < to; position++) {
      long code = codes[position];
      int nearest =
          Math.min(
              Math.min(Long.bitCount(code ^ queries[0]), Long.bitCount(code ^ queries[1])),
              Math.min(Long.bitCount(code ^ queries[2]), Long.bitCount(code ^ queries[3])));
      if (nearest <= limit) {
        positions[end++] = position;
      }
    }
    return end;
  }

  @Override
  public int pairsWithin(long[] pairs, int from, int to, long[] query, int limit, int[] found) {
    return scanPairs(pairs, from, to, query, limit, found, 0);
  }

  /// Appends to the `count` rows that the array holds already.
  static int scanPairs(
      long[] pairs, int from, int to, long[] query, int limit, int[] found, int count) {
    int end = count;
    for (int row = from; row < to; row++) {
      int distance =
          Long.bitCount(pairs[2 * row] ^ query[0]) + Long.bitCount(pairs[2 * row + 1] ^ query[1]);
      if (distance <= limit) {
        found[end++] = row;
      }
    }
    return end;
  }

  @Override
  public int intsWithin(
      int[] ints, int from, int to, int wanted, int mask, int limit, int[] positions) {
    return scanInts(ints, from, to, wanted, mask, limit, positions, 0);
  }

  /// Appends to the `count` positions that the array holds already.
  static int scanInts(
      int[] ints, int from, int to, int wanted, int mask, int limit, int[] positions, int count) {
    int end = count;
    for (int position = from; position < to; position++) {
      if (Integer.bitCount((ints[position] ^ wanted) & mask) <= limit) {
        positions[end++] = position;
      }
    }
    return end;
  }

  @Override
  public long sum(long[] words) {
    long sum = 0;
    for (long word : words) {
      sum += word;
    }
    return sum;
  }

  @Override
  public String description() {
    return "scalar";
  }
}
