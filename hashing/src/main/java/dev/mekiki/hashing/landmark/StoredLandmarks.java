package dev.mekiki.hashing.landmark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The landmarks by which a picture is found: of each its frame and its keys. Immutable.
public final class StoredLandmarks {
  /// Largest number of landmarks.
  public static final int MAX_SIZE = 32;

  /// Bytes of a landmark.
  private static final int BYTES = Integer.BYTES + PatchHash.KEYS * Keys.BYTES;

  private final int[] frames;
  private final int[] keys;

  private StoredLandmarks(int[] frames, int[] keys) {
    this.frames = frames;
    this.keys = keys;
  }

  /// Of detected landmarks.
  ///
  /// @throws IllegalArgumentException if there are more than {@link #MAX_SIZE}
  public static StoredLandmarks of(List<Landmark> landmarks) {
    requireSize(landmarks.size());
    int[] frames = new int[landmarks.size()];
    int[] keys = new int[frames.length * PatchHash.KEYS];
    for (int i = 0; i < frames.length; i++) {
      Landmark landmark = landmarks.get(i);
      frames[i] = landmark.frame().pack();
      for (int key = 0; key < PatchHash.KEYS; key++) {
        keys[i * PatchHash.KEYS + key] = landmark.hash().key(key);
      }
    }
    return new StoredLandmarks(frames, keys);
  }

  /// What {@link #toBytes} has written.
  ///
  /// @throws IllegalArgumentException if the bytes are not such
  public static StoredLandmarks fromBytes(byte[] bytes) {
    if (bytes.length % BYTES != 0) {
      throw new IllegalArgumentException(
          "stored landmarks: %d bytes (expected: %d for each)".formatted(bytes.length, BYTES));
    }
    int size = bytes.length / BYTES;
    requireSize(size);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] frames = new int[size];
    int[] keys = new int[size * PatchHash.KEYS];
    for (int i = 0; i < size; i++) {
      frames[i] = in.getInt();
      Keys.read(in, keys, i * PatchHash.KEYS);
    }
    return new StoredLandmarks(frames, keys);
  }

  private static void requireSize(int size) {
    if (size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "stored landmarks: %d (expected: at most %d)".formatted(size, MAX_SIZE));
    }
  }

  /// 22 bytes for each landmark: the frame as {@link Frame#pack} writes it and 6 keys of 3 bytes,
  /// all little-endian.
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(size() * BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames.length; i++) {
      out.putInt(frames[i]);
      Keys.write(keys, i * PatchHash.KEYS, out);
    }
    return out.array();
  }

  /// Number of landmarks.
  public int size() {
    return frames.length;
  }

  /// The frame of a landmark, packed.
  int frame(int landmark) {
    return frames[landmark];
  }

  /// A key of a landmark.
  public int key(int landmark, int number) {
    return keys[landmark * PatchHash.KEYS + number];
  }
}
