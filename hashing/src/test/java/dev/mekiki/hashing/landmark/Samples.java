package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Made-up landmarks.
final class Samples {
  private Samples() {}

  static PatchHash hash(SplittableRandom random) {
    return new PatchHash(
        HashCode.of(PatchHasher.BITS, random.nextLong(), random.nextLong(), random.nextLong()),
        weakest(random));
  }

  private static long weakest(SplittableRandom random) {
    long weakest = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      int first = random.nextInt(PatchHash.KEY_BITS);
      int next = (first + 1 + random.nextInt(PatchHash.KEY_BITS - 1)) % PatchHash.KEY_BITS;
      weakest |= (first | (long) next << 5) << (10 * key);
    }
    return weakest;
  }

  static Frame frame(SplittableRandom random) {
    return new Frame(
        (float) random.nextDouble(0, 256),
        (float) random.nextDouble(0, 256),
        (float) random.nextDouble(2.6, 60),
        (float) random.nextDouble(0, 2 * Math.PI));
  }

  static List<Landmark> landmarks(int count, SplittableRandom random) {
    List<Landmark> landmarks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      landmarks.add(new Landmark(frame(random), hash(random), hash(random)));
    }
    return landmarks;
  }
}
