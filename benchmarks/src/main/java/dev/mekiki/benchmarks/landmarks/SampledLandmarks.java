package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.runtime.StartException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// What is known of the landmarks of real pictures: how many a picture has, some of them, and how
/// often two of different pictures share a key.
///
/// The last is what a look-up costs: keys of real patches are far from uniform, because patches
/// around corners, spots and edges look alike everywhere. Chance alone would let two landmarks
/// share a key of 24 bits once in 16.8 million pairs.
///
/// The built-in sample was written by
///
///     mekiki bench landmarks --images photos --images distractors --write-sample FILE
///
/// from 3,100 photos, most of clothing.
///
/// @param equalKeys share of equal keys: over all look-ups of all pictures and all landmarks stored
///   of others
/// @param storedCounts quantiles of how many landmarks a picture is stored with, from the least to
///   the most in steps of 1 %
/// @param soughtCounts the same of those that it looks for
/// @param landmarks 22 bytes each, as {@link StoredLandmarks#toBytes} writes them: of all that
///   pictures look for, the smallest of which are not stored
@SuppressWarnings("ArrayRecordComponent") // never compared
record SampledLandmarks(
    double equalKeys, byte[] storedCounts, byte[] soughtCounts, byte[] landmarks) {
  /// Bytes of the keys of a landmark, which follow its frame.
  static final int KEY_BYTES = PatchHash.KEYS * PatchHash.KEY_BITS / Byte.SIZE;

  /// Bytes of a landmark.
  static final int BYTES = Integer.BYTES + KEY_BYTES;

  /// Quantiles of counts.
  private static final int QUANTILES = 101;

  /// Landmarks of a sample that is written.
  private static final int WRITTEN = 8_192;

  private static final String BUILT_IN = "landmarks.bin";

  /// The sample that is part of the program.
  static SampledLandmarks builtIn() throws IOException {
    try (InputStream in = SampledLandmarks.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException(BUILT_IN + " is not part of this build");
      }
      DataInputStream data = new DataInputStream(in);
      double equalKeys = data.readDouble();
      return new SampledLandmarks(
          equalKeys, data.readNBytes(QUANTILES), data.readNBytes(QUANTILES), data.readAllBytes());
    }
  }

  /// Measured on pictures.
  static SampledLandmarks of(RealLandmarks real) {
    if (real.sought().isEmpty()) {
      throw new StartException(
          "--images: no picture has landmarks (expected: pictures with detail)");
    }
    ByteArrayOutputStream landmarks = new ByteArrayOutputStream();
    for (SoughtLandmarks sought : real.sought()) {
      byte[] all = sought.toBytes();
      for (int at = 0; at < all.length; at += SoughtLandmarks.BYTES) {
        landmarks.write(all, at, BYTES);
      }
    }
    return new SampledLandmarks(
        real.equalKeys(),
        quantiles(real.stored().stream().mapToInt(StoredLandmarks::size).sorted().toArray()),
        quantiles(real.sought().stream().mapToInt(SoughtLandmarks::size).sorted().toArray()),
        landmarks.toByteArray());
  }

  private static byte[] quantiles(int[] sorted) {
    byte[] quantiles = new byte[QUANTILES];
    for (int i = 0; i < QUANTILES; i++) {
      quantiles[i] = (byte) sorted[(int) ((sorted.length - 1L) * i / (QUANTILES - 1))];
    }
    return quantiles;
  }

  /// Writes the sample, with some of the landmarks, as it is built in.
  void write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeDouble(equalKeys);
    out.write(storedCounts);
    out.write(soughtCounts);
    int[] chosen =
        new SplittableRandom(1)
            .ints(0, size())
            .distinct()
            .limit(Math.min(WRITTEN, size()))
            .toArray();
    for (int landmark : chosen) {
      out.write(landmarks, landmark * BYTES, BYTES);
    }
    Files.write(file, bytes.toByteArray());
  }

  /// Number of landmarks.
  int size() {
    return landmarks.length / BYTES;
  }

  /// The landmarks, to be read at places of multiples of {@link #BYTES}.
  ByteBuffer buffer() {
    return ByteBuffer.wrap(landmarks).order(ByteOrder.LITTLE_ENDIAN);
  }

  int storedCount(SplittableRandom random) {
    return Byte.toUnsignedInt(storedCounts[random.nextInt(QUANTILES)]);
  }

  int soughtCount(SplittableRandom random) {
    return Byte.toUnsignedInt(soughtCounts[random.nextInt(QUANTILES)]);
  }

  /// The middle one of counts.
  static int median(byte[] counts) {
    // Quantiles ascend.
    return Byte.toUnsignedInt(counts[counts.length / 2]);
  }
}
