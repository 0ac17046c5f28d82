package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Landmarks of pictures that there are not, alike enough to real ones for a look-up to cost what
/// it would.
///
/// A made-up landmark has each key from another one of those sampled, each of its bits changed with
/// one probability. It lies where yet another one lies, moved by up to 16 pixels. So the bits of a
/// key depend on each other as in real patches, no two landmarks are nearly the same, which would
/// be enough to propose a picture, and the probability decides how often keys are equal: it is
/// chosen such that a look-up meets a stored landmark as often as in the sample ({@link
/// SampledLandmarks#equalKeys}). How many landmarks a picture has is drawn from the sample, too.
///
/// Made-up pictures do not repeat themselves, as fabrics and pages do: real ones have more
/// candidates.
final class MadeUpLandmarks {
  /// Steps of a probability.
  private static final int STEP_BITS = 12;

  private static final int STEPS = 1 << STEP_BITS;

  /// Where packed frames have the size, and its least value of landmarks that are stored: that of 3
  /// pixels.
  private static final int SIZE_SHIFT = 16;

  private static final int MIN_STORED_SIZE = 51;
  private static final int MAX_MOVE = 16;
  private static final int KEY_BYTES = PatchHash.KEY_BITS / Byte.SIZE;

  /// Bits of the number of a key's least certain bit.
  static final int POSITION_BITS = 5;

  // Pictures that the probability is fitted with.
  private static final int FITTED_STORED = 6_000;
  private static final int FITTED_SOUGHT = 60;

  private final SampledLandmarks sample;
  private final ByteBuffer landmarks;
  private final SplittableRandom random;
  private final int changed;

  private MadeUpLandmarks(SampledLandmarks sample, long seed, int changed) {
    this.sample = sample;
    this.changed = changed;
    landmarks = sample.buffer();
    random = new SplittableRandom(seed);
  }

  /// With the share of equal keys of the sample, within a twentieth or so.
  static MadeUpLandmarks like(SampledLandmarks sample, long seed) {
    int from = 0;
    int to = STEPS / 2;
    while (to - from > 1) {
      int middle = (from + to) / 2;
      // The same random numbers each time, so that the share falls as more bits are changed.
      if (new MadeUpLandmarks(sample, seed, middle).equalKeys() > sample.equalKeys()) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return new MadeUpLandmarks(sample, seed, to);
  }

  /// Share of equal keys over all look-ups and stored landmarks of some made-up pictures.
  double equalKeys() {
    List<StoredLandmarks> stored = Stream.generate(this::stored).limit(FITTED_STORED).toList();
    List<SoughtLandmarks> sought = Stream.generate(this::sought).limit(FITTED_SOUGHT).toList();
    double pairs =
        (double) stored.stream().mapToLong(StoredLandmarks::size).sum()
            * sought.stream().mapToLong(SoughtLandmarks::size).sum();
    return EqualKeys.count(stored, sought) / (pairs * EqualKeys.LOOK_UPS * PatchHash.KEYS);
  }

  /// Probability with which a bit is changed.
  double changedShare() {
    return (double) changed / STEPS;
  }

  /// What another made-up picture is stored with.
  StoredLandmarks stored() {
    int count = sample.storedCount(random);
    byte[] bytes = new byte[count * SampledLandmarks.BYTES];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      out.putInt(frame(MIN_STORED_SIZE));
      putKeys(out);
    }
    return StoredLandmarks.fromBytes(bytes);
  }

  /// What another made-up picture looks for.
  SoughtLandmarks sought() {
    int count = sample.soughtCount(random);
    byte[] bytes = new byte[count * SoughtLandmarks.BYTES];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      out.putInt(frame(0));
      // The mirror image of a patch is like another patch, and any bit may be the least certain.
      for (int orientation = 0; orientation < 2; orientation++) {
        putKeys(out);
        long weakest = 0;
        for (int position = 0; position < 2 * PatchHash.KEYS; position++) {
          weakest |= (long) random.nextInt(PatchHash.KEY_BITS) << (POSITION_BITS * position);
        }
        out.putLong(weakest);
      }
    }
    return SoughtLandmarks.fromBytes(bytes);
  }

  /// Where a landmark of the sample begins.
  private int any() {
    return random.nextInt(sample.size()) * SampledLandmarks.BYTES;
  }

  private int frame(int minSize) {
    int frame = landmarks.getInt(any());
    for (int tries = 0; (frame >>> SIZE_SHIFT & 0xFF) < minSize && tries < 100; tries++) {
      frame = landmarks.getInt(any());
    }
    return (frame & 0xFFFF0000) | moved(frame & 0xFF) | (moved(frame >>> 8 & 0xFF) << 8);
  }

  private int moved(int coordinate) {
    return Math.clamp(coordinate + random.nextInt(-MAX_MOVE, MAX_MOVE + 1), 0, 255);
  }

  private void putKeys(ByteBuffer out) {
    for (int key = 0; key < PatchHash.KEYS; key++) {
      int at = any() + Integer.BYTES + key * KEY_BYTES;
      long changes = changes();
      for (int i = 0; i < KEY_BYTES; i++) {
        out.put((byte) (landmarks.get(at + i) ^ changes >>> (i * Byte.SIZE)));
      }
    }
  }

  /// Bits that are 1 with the probability: that of a sum of halves, quarters and so on, from the
  /// smallest on.
  private long changes() {
    long bits = 0;
    for (int step = Integer.numberOfTrailingZeros(changed | STEPS); step < STEP_BITS; step++) {
      bits = (changed >>> step & 1) == 0 ? bits & random.nextLong() : bits | random.nextLong();
    }
    return bits;
  }
}
