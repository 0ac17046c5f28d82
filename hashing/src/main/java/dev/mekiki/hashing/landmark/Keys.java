package dev.mekiki.hashing.landmark;

import java.nio.ByteBuffer;

/// Reads and writes the keys of one hash, 3 bytes each, lowest first.
final class Keys {
  static final int BYTES = PatchHash.KEY_BITS / Byte.SIZE;

  private Keys() {}

  static void write(int[] keys, int offset, ByteBuffer out) {
    for (int i = 0; i < PatchHash.KEYS; i++) {
      for (int shift = 0; shift < PatchHash.KEY_BITS; shift += Byte.SIZE) {
        out.put((byte) (keys[offset + i] >>> shift));
      }
    }
  }

  static void read(ByteBuffer in, int[] keys, int offset) {
    for (int i = 0; i < PatchHash.KEYS; i++) {
      int key = 0;
      for (int shift = 0; shift < PatchHash.KEY_BITS; shift += Byte.SIZE) {
        key |= (in.get() & 0xFF) << shift;
      }
      keys[offset + i] = key;
    }
  }
}
