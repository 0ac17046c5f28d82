package dev.mekiki.hashing.scan;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector form: the least distance of a block of vectors is compared with the limit, and only
/// in a block that holds a hit are the hits looked for. So a scan that finds little takes one
/// branch for each block, always the same way.
final class VectorKernel implements HammingKernel {
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /// Four vectors: fewer leave the branch in the way, more do not help.
  private static final int BLOCK = 4 * LANES;

  /// Each lane and its neighbour change places.
  private static final VectorShuffle<Long> NEIGHBOURS =
      VectorShuffle.fromOp(SPECIES, lane -> lane ^ 1);

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
    return query.length == 1
        ? oneWord(codes, from, to, query, limit, positions, distances)
        : severalWords(codes, stride, from, to, query, limit, positions, distances);
  }

  private static int oneWord(
      long[] codes, int from, int to, long[] query, int limit, int[] positions, int[] distances) {
    LongVector word = LongVector.broadcast(SPECIES, query[0]);
    LongVector limits = LongVector.broadcast(SPECIES, limit);
    int found = 0;
    int position = from;
    for (int last = to - BLOCK; position <= last; position += BLOCK) {
      LongVector a = distance(codes, position, word);
      LongVector b = distance(codes, position + LANES, word);
      LongVector c = distance(codes, position + 2 * LANES, word);
      LongVector d = distance(codes, position + 3 * LANES, word);
      if (a.min(b).min(c.min(d)).compare(VectorOperators.LE, limits).anyTrue()) {
        long hits =
            hits(a, limits)
                | (hits(b, limits) << LANES)
                | (hits(c, limits) << (2 * LANES))
                | (hits(d, limits) << (3 * LANES));
        for (; hits != 0; hits &= hits - 1) {
          int hit = position + Long.numberOfTrailingZeros(hits);
          positions[found] = hit;
          distances[found] = Long.bitCount(codes[hit] ^ query[0]);
          found++;
        }
      }
    }
    return ScalarKernel.scan(codes, 0, position, to, query, limit, positions, distances, found);
  }

  private static long hits(LongVector distances, LongVector limits) {
    return distances.compare(VectorOperators.LE, limits).toLong();
  }

  private static int severalWords(
      long[] codes,
      int stride,
      int from,
      int to,
      long[] query,
      int limit,
      int[] positions,
      int[] distances) {
    int found = 0;
    int position = from;
    for (int last = to - LANES; position <= last; position += LANES) {
      LongVector distance = distance(codes, position, query[0]);
      for (int word = 1; word < query.length; word++) {
        distance = distance.add(distance(codes, word * stride + position, query[word]));
      }
      if (distance.compare(VectorOperators.LE, (long) limit).anyTrue()) {
        found =
            ScalarKernel.scan(
                codes,
                stride,
                position,
                position + LANES,
                query,
                limit,
                positions,
                distances,
                found);
      }
    }
    return ScalarKernel.scan(
        codes, stride, position, to, query, limit, positions, distances, found);
  }

  @Override
  public int pairsWithin(long[] pairs, int rows, long[] query, int limit, int[] found) {
    long[] repeated = new long[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      repeated[lane] = query[lane % 2];
    }
    LongVector words = LongVector.fromArray(SPECIES, repeated, 0);
    LongVector limits = LongVector.broadcast(SPECIES, limit);
    int count = 0;
    int row = 0;
    for (int last = rows - BLOCK / 2; row <= last; row += BLOCK / 2) {
      int at = 2 * row;
      LongVector least =
          pairDistance(pairs, at, words)
              .min(pairDistance(pairs, at + LANES, words))
              .min(
                  pairDistance(pairs, at + 2 * LANES, words)
                      .min(pairDistance(pairs, at + 3 * LANES, words)));
      if (least.compare(VectorOperators.LE, limits).anyTrue()) {
        count = ScalarKernel.scanPairs(pairs, row, row + BLOCK / 2, query, limit, found, count);
      }
    }
    return ScalarKernel.scanPairs(pairs, row, rows, query, limit, found, count);
  }

  /// The distance of a pair, in both of its lanes.
  private static LongVector pairDistance(long[] pairs, int at, LongVector query) {
    LongVector distances = distance(pairs, at, query);
    return distances.add(distances.rearrange(NEIGHBOURS));
  }

  private static LongVector distance(long[] words, int at, LongVector word) {
    return LongVector.fromArray(SPECIES, words, at)
        .lanewise(VectorOperators.XOR, word)
        .lanewise(VectorOperators.BIT_COUNT);
  }

  private static LongVector distance(long[] words, int at, long word) {
    return LongVector.fromArray(SPECIES, words, at)
        .lanewise(VectorOperators.XOR, word)
        .lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public long sum(long[] words) {
    LongVector a = LongVector.zero(SPECIES);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    int i = 0;
    for (int last = words.length - BLOCK; i <= last; i += BLOCK) {
      a = a.add(LongVector.fromArray(SPECIES, words, i));
      b = b.add(LongVector.fromArray(SPECIES, words, i + LANES));
      c = c.add(LongVector.fromArray(SPECIES, words, i + 2 * LANES));
      d = d.add(LongVector.fromArray(SPECIES, words, i + 3 * LANES));
    }
    long sum = a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    for (; i < words.length; i++) {
      sum += words[i];
    }
    return sum;
  }

  @Override
  public String description() {
    return "vector, " + SPECIES.vectorBitSize() + " bits";
  }
}
