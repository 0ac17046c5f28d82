package dev.mekiki.hashing.landmark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The landmarks that a picture looks for in others: of each its frame and, for the patch and for
/// its mirror image, the keys and their least certain bits. Immutable.
public final class SoughtLandmarks {
  /// Largest number of landmarks.
  public static final int MAX_SIZE = 144;

  /// The patch, and its mirror image.
  public static final int ORIENTATIONS = 2;

  /// Bytes of a landmark.
  public static final int BYTES =
      Integer.BYTES + ORIENTATIONS * (PatchHash.KEYS * Keys.BYTES + Long.BYTES);

  private final int[] frames;

  /// By landmark, orientation and key.
  private final int[] keys;

  /// By landmark and orientation, as {@link PatchHash#weakest}.
  private final long[] weakest;

  private SoughtLandmarks(int[] frames, int[] keys, long[] weakest) {
    this.frames = frames;
    this.keys = keys;
    this.weakest = weakest;
  }

  /// Of detected landmarks.
  ///
  /// @throws IllegalArgumentException if there are more than {@link #MAX_SIZE}
  public static SoughtLandmarks of(List<Landmark> landmarks) {
    requireSize(landmarks.size());
    SoughtLandmarks sought = ofSize(landmarks.size());
    for (int i = 0; i < landmarks.size(); i++) {
      Landmark landmark = landmarks.get(i);
      sought.frames[i] = landmark.frame().pack();
      sought.set(i * ORIENTATIONS, landmark.hash());
      sought.set(i * ORIENTATIONS + 1, landmark.mirrored());
    }
    return sought;
  }

  private static SoughtLandmarks ofSize(int size) {
    int hashes = size * ORIENTATIONS;
    return new SoughtLandmarks(new int[size], new int[hashes * PatchHash.KEYS], new long[hashes]);
  }

  private void set(int number, PatchHash hash) {
    for (int key = 0; key < PatchHash.KEYS; key++) {
      keys[number * PatchHash.KEYS + key] = hash.key(key);
    }
    weakest[number] = hash.weakest();
  }

  /// What {@link #toBytes} has written.
  ///
  /// @throws IllegalArgumentException if the bytes are not such
  public static SoughtLandmarks fromBytes(byte[] bytes) {
    if (bytes.length % BYTES != 0) {
      throw new IllegalArgumentException(
          "sought landmarks: %d bytes (expected: %d for each)".formatted(bytes.length, BYTES));
    }
    requireSize(bytes.length / BYTES);
    SoughtLandmarks sought = ofSize(bytes.length / BYTES);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < sought.frames.length; i++) {
      sought.frames[i] = in.getInt();
      for (int hash = i * ORIENTATIONS; hash < (i + 1) * ORIENTATIONS; hash++) {
        Keys.read(in, sought.keys, hash * PatchHash.KEYS);
        sought.weakest[hash] = in.getLong();
      }
    }
    return sought;
  }

  private static void requireSize(int size) {
    if (size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "sought landmarks: %d (expected: at most %d)".formatted(size, MAX_SIZE));
    }
  }

  /// 56 bytes for each landmark: the frame as {@link Frame#pack} writes it; then for the patch and
  /// for its mirror image 6 keys of 3 bytes and 8 bytes of {@link PatchHash#weakest}; all
  /// little-endian.
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(size() * BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames.length; i++) {
      out.putInt(frames[i]);
      for (int hash = i * ORIENTATIONS; hash < (i + 1) * ORIENTATIONS; hash++) {
        Keys.write(keys, hash * PatchHash.KEYS, out);
        out.putLong(weakest[hash]);
      }
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

  /// A key of a hash.
  ///
  /// @param hash number of the landmark times {@link #ORIENTATIONS}, plus 1 for the mirror image
  int key(int hash, int number) {
    return keys[hash * PatchHash.KEYS + number];
  }

  /// The same with its least certain bits changed, as {@link PatchHash#key(int, int)}.
  public int key(int hash, int number, int variant) {
    return PatchHash.variant(key(hash, number), weakest[hash], number, variant);
  }
}
