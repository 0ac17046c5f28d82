package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// How often a look-up meets a stored landmark: counted for every key of every landmark.
final class EqualKeys {
  private static final int KEY_MASK = (1 << PatchHash.KEY_BITS) - 1;

  /// Bytes of a landmark that is looked for: frame, keys, their weakest bits, then keys and weakest
  /// bits of its mirror image.
  static final int SOUGHT_BYTES = 48;

  private static final int MIRRORED = 2 * Integer.BYTES + SampledLandmarks.KEY_BYTES;

  /// Look-ups of a landmark under one key: patch or mirror image, with its least certain bit
  /// changed or not.
  static final int LOOK_UPS = 4;

  private static final int WEAKEST_MASK = (1 << MadeUpLandmarks.WEAKEST_BITS) - 1;

  private EqualKeys() {}

  /// Pairs of a look-up and a stored landmark that have the same key.
  static long count(List<StoredLandmarks> stored, List<SoughtLandmarks> sought) {
    int[] counts = new int[KEY_MASK + 1];
    List<byte[]> storedBytes = stored.stream().map(StoredLandmarks::toBytes).toList();
    List<byte[]> soughtBytes = sought.stream().map(SoughtLandmarks::toBytes).toList();
    long equal = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      int sign = 1;
      for (int pass = 0; pass < 2; pass++) {
        for (byte[] one : storedBytes) {
          for (int at = Integer.BYTES; at < one.length; at += SampledLandmarks.BYTES) {
            counts[key(one, at, key)] += sign;
          }
        }
        if (pass == 0) {
          for (byte[] one : soughtBytes) {
            equal += sum(counts, one, key);
          }
        }
        // The second pass leaves zeros: cheaper than clearing all.
        sign = -1;
      }
    }
    return equal;
  }

  /// The same of one picture.
  static long count(StoredLandmarks stored, SoughtLandmarks sought) {
    byte[] ours = stored.toBytes();
    byte[] theirs = sought.toBytes();
    long equal = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      for (int at = 0; at < theirs.length; at += SOUGHT_BYTES) {
        for (int lookUp = 0; lookUp < LOOK_UPS; lookUp++) {
          int wanted = lookedUp(theirs, at, key, lookUp);
          for (int one = Integer.BYTES; one < ours.length; one += SampledLandmarks.BYTES) {
            equal += key(ours, one, key) == wanted ? 1 : 0;
          }
        }
      }
    }
    return equal;
  }

  private static long sum(int[] counts, byte[] sought, int key) {
    long sum = 0;
    for (int at = 0; at < sought.length; at += SOUGHT_BYTES) {
      for (int lookUp = 0; lookUp < LOOK_UPS; lookUp++) {
        sum += counts[lookedUp(sought, at, key, lookUp)];
      }
    }
    return sum;
  }

  private static int lookedUp(byte[] sought, int at, int key, int lookUp) {
    int keys = at + (lookUp / 2 == 0 ? Integer.BYTES : MIRRORED);
    int plain = key(sought, keys, key);
    if (lookUp % 2 == 0) {
      return plain;
    }
    int weakest =
        ByteBuffer.wrap(sought)
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt(keys + SampledLandmarks.KEY_BYTES);
    return plain ^ (1 << ((weakest >>> (MadeUpLandmarks.WEAKEST_BITS * key)) & WEAKEST_MASK));
  }

  private static int key(byte[] bytes, int keys, int key) {
    int at = keys + key * PatchHash.KEY_BITS / Byte.SIZE;
    return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8) | ((bytes[at + 2] & 0xFF) << 16);
  }
}
