package dev.mekiki.hashing.scan;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector form. It reads a range in four places at once, a vector of each quarter at a time,
/// which lets the processor read ahead in all four: ranges of some ten kilobytes that are not in
/// the cache take a third less time. The least distance of the four vectors is compared with the
/// limit, and only where that is a hit are hits looked for; so a scan that finds little takes one
/// branch for each four vectors, always the same way. The rest is left to the scalar form: the
/// compiler keeps vectors in registers only in methods that are small enough.
final class VectorKernel implements HammingKernel {
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /// Four vectors: fewer leave the branch in the way, more do not help.
  private static final int VECTORS = 4;

  private static final int BLOCK = VECTORS * LANES;

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
    int quarter = (to - from) / (VECTORS * LANES) * LANES;
    int found = 0;
    for (int position = from; position < from + quarter; position += LANES) {
      LongVector a = distance(codes, position, word);
      LongVector b = distance(codes, position + quarter, word);
      LongVector c = distance(codes, position + 2 * quarter, word);
      LongVector d = distance(codes, position + 3 * quarter, word);
      if (a.min(b).min(c.min(d)).compare(VectorOperators.LE, limits).anyTrue()) {
        for (int i = 0; i < VECTORS; i++) {
          int first = position + i * quarter;
          found =
              ScalarKernel.scan(
                  codes, 0, first, first + LANES, query, limit, positions, distances, found);
        }
      }
    }
    return ScalarKernel.scan(
        codes, 0, from + VECTORS * quarter, to, query, limit, positions, distances, found);
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
  public int withinAny(long[] codes, int from, int to, long[] queries, int limit, int[] positions) {
    LongVector first = LongVector.broadcast(SPECIES, queries[0]);
    LongVector second = LongVector.broadcast(SPECIES, queries[1]);
    LongVector third = LongVector.broadcast(SPECIES, queries[2]);
    LongVector fourth = LongVector.broadcast(SPECIES, queries[3]);
    LongVector limits = LongVector.broadcast(SPECIES, limit);
    int found = 0;
    int position = from;
    for (int last = to - LANES; position <= last; position += LANES) {
      LongVector code = LongVector.fromArray(SPECIES, codes, position);
      LongVector near = distance(code, first).min(distance(code, second));
      LongVector nearest = near.min(distance(code, third).min(distance(code, fourth)));
      if (nearest.compare(VectorOperators.LE, limits).anyTrue()) {
        found =
            ScalarKernel.scanAny(
                codes, position, position + LANES, queries, limit, positions, found);
      }
    }
    return ScalarKernel.scanAny(codes, position, to, queries, limit, positions, found);
  }

  private static LongVector distance(LongVector codes, LongVector query) {
    return codes.lanewise(VectorOperators.XOR, query).lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public int pairsWithin(long[] pairs, int from, int to, long[] query, int limit, int[] found) {
    long[] repeated = new long[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      repeated[lane] = query[lane % 2];
    }
    LongVector words = LongVector.fromArray(SPECIES, repeated, 0);
    LongVector limits = LongVector.broadcast(SPECIES, limit);
    int step = LANES / 2;
    int quarter = (to - from) / (VECTORS * step) * step;
    int count = 0;
    for (int row = from; row < from + quarter; row += step) {
      LongVector a = pairDistance(pairs, 2 * row, words);
      LongVector b = pairDistance(pairs, 2 * (row + quarter), words);
      LongVector c = pairDistance(pairs, 2 * (row + 2 * quarter), words);
      LongVector d = pairDistance(pairs, 2 * (row + 3 * quarter), words);
      if (a.min(b).min(c.min(d)).compare(VectorOperators.LE, limits).anyTrue()) {
        for (int i = 0; i < VECTORS; i++) {
          int first = row + i * quarter;
          count = ScalarKernel.scanPairs(pairs, first, first + step, query, limit, found, count);
        }
      }
    }
    return ScalarKernel.scanPairs(pairs, from + VECTORS * quarter, to, query, limit, found, count);
  }

  /// The distance of a pair, in both of its lanes.
  private static LongVector pairDistance(long[] pairs, int at, LongVector query) {
    LongVector distances = distance(pairs, at, query);
    return distances.add(distances.rearrange(NEIGHBOURS));
  }

  private static LongVector distance(long[] words, int at, LongVector word) {
    return distance(LongVector.fromArray(SPECIES, words, at), word);
  }

  private static LongVector distance(long[] words, int at, long word) {
    return LongVector.fromArray(SPECIES, words, at)
        .lanewise(VectorOperators.XOR, word)
        .lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public int intsWithin(
      int[] ints, int from, int to, int wanted, int mask, int limit, int[] positions) {
    int count = 0;
    int position = from;
    for (int last = to - INTS.length(); position <= last; position += INTS.length()) {
      VectorMask<Integer> near =
          differences(ints, position, wanted, mask).compare(VectorOperators.LE, limit);
      if (near.anyTrue()) {
        for (long lanes = near.toLong(); lanes != 0; lanes &= lanes - 1) {
          positions[count++] = position + Long.numberOfTrailingZeros(lanes);
        }
      }
    }
    return ScalarKernel.scanInts(ints, position, to, wanted, mask, limit, positions, count);
  }

  private static IntVector differences(int[] ints, int at, int wanted, int mask) {
    return IntVector.fromArray(INTS, ints, at)
        .lanewise(VectorOperators.XOR, wanted)
        .lanewise(VectorOperators.AND, mask)
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
