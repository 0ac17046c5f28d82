package dev.mekiki.hashing;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Random codes as they occur: uniform ones, unlike anything a network was trained on, and ones
/// close to a center.
public final class RandomCodes {
  private RandomCodes() {}

  /// Any code with equal probability.
  public static HashCode uniform(int bits, Random random) {
    byte[] bytes = new byte[bits / Byte.SIZE];
    random.nextBytes(bytes);
    return HashCode.fromBytes(bytes);
  }

  /// The code with each bit turned over with the given probability.
  public static HashCode flipped(HashCode code, double probability, Random random) {
    long[] words = code.words();
    for (int i = 0; i < code.bits(); i++) {
      if (random.nextDouble() < probability) {
        words[i / Long.SIZE] ^= 1L << i;
      }
    }
    return HashCode.of(code.bits(), words);
  }

  /// The code with exactly the given number of bits turned over.
  public static HashCode at(HashCode code, int distance, Random random) {
    Set<Integer> turned = new LinkedHashSet<>();
    while (turned.size() < distance) {
      turned.add(random.nextInt(code.bits()));
    }
    long[] words = code.words();
    turned.forEach(i -> words[i / Long.SIZE] ^= 1L << i);
    return HashCode.of(code.bits(), words);
  }

  /// A code of the mixture: uniform, at a center, near one, or between two.
  public static HashCode mixed(CenterTable centers, Random random) {
    HashCode center = centers.center(random.nextInt(centers.size()));
    return switch (random.nextInt(4)) {
      case 0 -> uniform(centers.bits(), random);
      case 1 -> center;
      case 2 -> flipped(center, 0.05, random);
      default -> between(center, centers.center(random.nextInt(centers.size())), random);
    };
  }

  private static HashCode between(HashCode a, HashCode b, Random random) {
    long[] words = a.words();
    for (int i = 0; i < words.length; i++) {
      words[i] ^= (words[i] ^ b.word(i)) & random.nextLong();
    }
    return HashCode.of(a.bits(), words);
  }

  /// A table of different uniform centers, which may lie as close as chance wills.
  public static CenterTable centers(int bits, int count, Random random) {
    Set<HashCode> codes = new LinkedHashSet<>();
    while (codes.size() < count) {
      codes.add(uniform(bits, random));
    }
    return table(bits, List.copyOf(codes));
  }

  /// A table of random centers of which every two keep a distance.
  public static CenterTable centersApart(int bits, int count, int distance, Random random) {
    List<HashCode> codes = new ArrayList<>();
    while (codes.size() < count) {
      HashCode code = uniform(bits, random);
      if (codes.stream().allMatch(other -> other.distance(code) >= distance)) {
        codes.add(code);
      }
    }
    return table(bits, codes);
  }

  /// A table of the given centers with labels that are their numbers.
  public static CenterTable table(int bits, List<HashCode> codes) {
    List<String> labels = new ArrayList<>();
    for (int center = 0; center < codes.size(); center++) {
      labels.add("class " + center);
    }
    return new CenterTable(bits, codes, labels);
  }

  /// Any fingerprint.
  public static Fingerprint fingerprint(Random random) {
    return new Fingerprint(uniform(Fingerprint.BITS, random), random.nextInt(101));
  }
}
