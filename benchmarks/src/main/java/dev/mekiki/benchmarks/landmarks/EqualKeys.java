package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.util.List;

/// How often a look-up meets a stored landmark: counted for every key of every landmark.
final class EqualKeys {
  /// Variants of a key that a large index looks up.
  private static final int VARIANTS = 2;

  /// Look-ups of a landmark under one key: of the patch and of its mirror image.
  static final int LOOK_UPS = SoughtLandmarks.ORIENTATIONS * VARIANTS;

  private EqualKeys() {}

  /// Pairs of a look-up of a large index and a stored landmark that have the same key.
  static long count(List<StoredLandmarks> stored, List<SoughtLandmarks> sought) {
    return count(stored, sought, VARIANTS);
  }

  /// The same of any index.
  ///
  /// @param variants of a key that it looks up
  static long count(List<StoredLandmarks> stored, List<SoughtLandmarks> sought, int variants) {
    int[] counts = new int[1 << PatchHash.KEY_BITS];
    long equal = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      add(counts, stored, key, 1);
      for (SoughtLandmarks one : sought) {
        int lookUps = SoughtLandmarks.ORIENTATIONS * variants * one.size();
        for (int lookUp = 0; lookUp < lookUps; lookUp++) {
          equal += counts[one.key(lookUp / variants, key, lookUp % variants)];
        }
      }
      // Leaves zeros: cheaper than clearing all.
      add(counts, stored, key, -1);
    }
    return equal;
  }

  private static void add(int[] counts, List<StoredLandmarks> stored, int key, int sign) {
    for (StoredLandmarks one : stored) {
      for (int landmark = 0; landmark < one.size(); landmark++) {
        counts[one.key(landmark, key)] += sign;
      }
    }
  }

  /// The same of one picture.
  static long count(StoredLandmarks stored, SoughtLandmarks sought) {
    long equal = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      for (int lookUp = 0; lookUp < LOOK_UPS * sought.size(); lookUp++) {
        int wanted = sought.key(lookUp / VARIANTS, key, lookUp % VARIANTS);
        for (int landmark = 0; landmark < stored.size(); landmark++) {
          equal += stored.key(landmark, key) == wanted ? 1 : 0;
        }
      }
    }
    return equal;
  }
}
