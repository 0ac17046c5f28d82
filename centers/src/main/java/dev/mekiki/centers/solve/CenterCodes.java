package dev.mekiki.centers.solve;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The centers while they are sought: q signs of each of C classes, packed, changed in place. Any q
/// from 1 on, unlike {@link HashCode}. One owner thread.
final class CenterCodes {
  final int bits;
  final int count;
  final int words;

  /// Bit b of class i is bit `b % 64` of `packed[b / 64 * count + i]`; 1 means +1.
  final long[] packed;

  CenterCodes(int bits, int count) {
    this.bits = bits;
    this.count = count;
    words = HashCode.wordCount(bits);
    packed = new long[words * count];
  }

  /// A copy.
  CenterCodes(CenterCodes other) {
    bits = other.bits;
    count = other.count;
    words = other.words;
    packed = other.packed.clone();
  }

  /// +1 or -1.
  int sign(int bit, int center) {
    return (packed[bit / Long.SIZE * count + center] >>> bit & 1) != 0 ? 1 : -1;
  }

  void setSign(int bit, int center, boolean positive) {
    int at = bit / Long.SIZE * count + center;
    packed[at] = positive ? packed[at] | 1L << bit : packed[at] & ~(1L << bit);
  }

  void flip(int bit, int center) {
    packed[bit / Long.SIZE * count + center] ^= 1L << bit;
  }

  /// Draws every bit of a center.
  void draw(int center, RandomGenerator random) {
    for (int word = 0; word < words; word++) {
      packed[word * count + center] = random.nextLong();
    }
    if (bits % Long.SIZE != 0) {
      packed[(words - 1) * count + center] &= (1L << bits) - 1;
    }
  }

  /// The bits of a word in which two centers differ.
  long difference(int i, int j, int word) {
    return packed[word * count + i] ^ packed[word * count + j];
  }

  int distance(int i, int j) {
    int distance = 0;
    for (int word = 0; word < words; word++) {
      distance += Long.bitCount(difference(i, j, word));
    }
    return distance;
  }

  /// The distances of a center to all, itself included.
  ///
  /// @param into one for each center
  void distances(int center, int[] into) {
    if (words == 1) {
      distancesOfOneWord(packed, packed[center], into);
      return;
    }
    for (int other = 0; other < count; other++) {
      into[other] = distance(center, other);
    }
  }

  private static void distancesOfOneWord(long[] codes, long code, int[] into) {
    for (int i = 0; i < codes.length; i++) {
      into[i] = Long.bitCount(codes[i] ^ code);
    }
  }

  /// The smallest distance of a center to those before the given end, itself left out: q + 1 where
  /// there are none.
  int smallestDistance(int center, int end) {
    int smallest = bits + 1;
    for (int other = 0; other < end; other++) {
      if (other != center) {
        smallest = Math.min(smallest, distance(center, other));
      }
    }
    return smallest;
  }

  /// The smallest distance of two centers: q + 1 if there is only one.
  int smallestDistance() {
    int smallest = bits + 1;
    for (int center = 1; center < count; center++) {
      smallest = Math.min(smallest, smallestDistance(center, center));
    }
    return smallest;
  }

  /// The objective: the mean over C^2 entries of (S - H^T H / q)^2, S as it was given, all of it
  /// recomputed in double precision. The diagonal adds nothing.
  double loss(ClassSimilarity similarity) {
    double sum = 0;
    for (int i = 1; i < count; i++) {
      float[] row = similarity.row(i);
      for (int j = 0; j < i; j++) {
        double error = row[j] - (bits - 2.0 * distance(i, j)) / bits;
        sum += 2 * error * error;
      }
    }
    return sum / ((double) count * count) + similarity.asymmetry();
  }

  /// The centers as hash codes; q must be one that {@link HashCode} allows.
  List<HashCode> toHashCodes() {
    List<HashCode> codes = new ArrayList<>(count);
    long[] code = new long[words];
    for (int center = 0; center < count; center++) {
      for (int word = 0; word < words; word++) {
        code[word] = packed[word * count + center];
      }
      codes.add(HashCode.of(bits, code));
    }
    return codes;
  }

  static CenterCodes of(List<HashCode> codes) {
    CenterCodes centers = new CenterCodes(codes.getFirst().bits(), codes.size());
    for (int center = 0; center < codes.size(); center++) {
      for (int word = 0; word < centers.words; word++) {
        centers.packed[word * centers.count + center] = codes.get(center).word(word);
      }
    }
    return centers;
  }
}
