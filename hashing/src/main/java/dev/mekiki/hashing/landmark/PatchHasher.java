package dev.mekiki.hashing.landmark;

import dev.mekiki.hashing.code.HashCode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/// Hashes the surroundings of a landmark: a bit for each of 192 frequencies of a patch, 1 where its
/// coefficient lies above their median.
///
/// The patch loses its mean and fades out towards its border by a Gaussian, so that what lies just
/// outside of a cropped picture changes few bits. The frequencies are the lowest of its cosine
/// transform without the constant one, by their distance from it. A patch seen in a mirror (its
/// rows in reverse) has the same coefficients but for the sign of those of odd row frequency, so
/// its hash comes from the same transform.
///
/// Bits of neighbouring frequencies agree more often than chance; those of a hash are in an order
/// drawn once and for all, so that any run of them serves as a key of a table.
///
/// Not thread-safe: an instance has buffers.
public final class PatchHasher {
  /// Rows, and columns, of a patch.
  public static final int SIDE = 32;

  /// Bits of a hash.
  public static final int BITS = 192;

  /// Frequencies of one direction that are computed; none of the lowest is higher.
  private static final int FREQUENCIES = 17;

  /// Of the Gaussian, in halves of the side.
  private static final double FADE = 0.6;

  /// Draws the order of bits. A part of the format: keys made with another do not match.
  private static final long ORDER_SEED = 7404;

  private static final float[] WINDOW = window();

  /// Row i, column k: cosine of frequency i at position k.
  private static final float[] COSINES = cosines();

  /// The same with rows and columns exchanged.
  private static final float[] TRANSPOSED = transposed();

  /// Which coefficient each bit is of, `row frequency * FREQUENCIES + column frequency`.
  private static final int[] COEFFICIENTS = coefficients();

  private final float[] faded = new float[SIDE * SIDE];
  private final float[] alongColumns = new float[FREQUENCIES * SIDE];
  private final float[] transform = new float[FREQUENCIES * FREQUENCIES];
  private final float[] values = new float[BITS];
  private final float[] sorted = new float[BITS];

  /// The two hashes of a patch.
  ///
  /// @param plain of the patch
  /// @param mirrored of the patch with its rows in reverse
  public record Hashes(PatchHash plain, PatchHash mirrored) {}

  /// Hashes a patch.
  ///
  /// @param patch 32 rows of 32 grey values; left as it is
  public Hashes hash(float[] patch) {
    if (patch.length != SIDE * SIDE) {
      throw new IllegalArgumentException(
          "patch: %d values (expected: %d)".formatted(patch.length, SIDE * SIDE));
    }
    transform(patch);
    for (int bit = 0; bit < BITS; bit++) {
      values[bit] = transform[COEFFICIENTS[bit]];
    }
    PatchHash plain = aboveMedian();
    for (int bit = 0; bit < BITS; bit++) {
      if (COEFFICIENTS[bit] / FREQUENCIES % 2 == 1) {
        values[bit] = -values[bit];
      }
    }
    return new Hashes(plain, aboveMedian());
  }

  private void transform(float[] patch) {
    double sum = 0;
    for (float value : patch) {
      sum += value;
    }
    float mean = (float) (sum / patch.length);
    for (int i = 0; i < patch.length; i++) {
      faded[i] = (patch[i] - mean) * WINDOW[i];
    }
    Arrays.fill(alongColumns, 0);
    for (int i = 0; i < FREQUENCIES; i++) {
      for (int k = 0; k < SIDE; k++) {
        float cosine = COSINES[i * SIDE + k];
        for (int j = 0; j < SIDE; j++) {
          alongColumns[i * SIDE + j] += cosine * faded[k * SIDE + j];
        }
      }
    }
    Arrays.fill(transform, 0);
    for (int i = 0; i < FREQUENCIES; i++) {
      for (int k = 0; k < SIDE; k++) {
        float value = alongColumns[i * SIDE + k];
        for (int j = 0; j < FREQUENCIES; j++) {
          transform[i * FREQUENCIES + j] += value * TRANSPOSED[k * FREQUENCIES + j];
        }
      }
    }
  }

  private PatchHash aboveMedian() {
    System.arraycopy(values, 0, sorted, 0, BITS);
    Arrays.sort(sorted);
    float median = sorted[BITS / 2 - 1];
    long[] words = new long[BITS / Long.SIZE];
    for (int bit = 0; bit < BITS; bit++) {
      if (values[bit] > median) {
        words[bit / Long.SIZE] |= 1L << bit;
      }
    }
    long weakest = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      weakest |= weakest(key * PatchHash.KEY_BITS, median) << (key * PatchHash.WEAKEST_BITS);
    }
    return new PatchHash(HashCode.of(BITS, words), weakest);
  }

  /// Which two bits of a key have their coefficients closest to the median, as in {@link
  /// PatchHash#weakest}.
  private long weakest(int first, float median) {
    int weakest = -1;
    int next = -1;
    for (int bit = 0; bit < PatchHash.KEY_BITS; bit++) {
      if (weakest < 0 || isCloser(first + bit, first + weakest, median)) {
        next = weakest;
        weakest = bit;
      } else if (next < 0 || isCloser(first + bit, first + next, median)) {
        next = bit;
      }
    }
    return weakest | (long) next << PatchHash.POSITION_BITS;
  }

  private boolean isCloser(int one, int other, float median) {
    return Math.abs(values[one] - median) < Math.abs(values[other] - median);
  }

  private static float[] window() {
    float[] window = new float[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double dx = (x + 0.5) * 2 / SIDE - 1;
        double dy = (y + 0.5) * 2 / SIDE - 1;
        window[y * SIDE + x] = (float) Math.exp(-(dx * dx + dy * dy) / (2 * FADE * FADE));
      }
    }
    return window;
  }

  private static float[] cosines() {
    float[] cosines = new float[FREQUENCIES * SIDE];
    for (int i = 0; i < FREQUENCIES; i++) {
      double scale = Math.sqrt((i == 0 ? 1.0 : 2.0) / SIDE);
      for (int k = 0; k < SIDE; k++) {
        cosines[i * SIDE + k] = (float) (scale * Math.cos(Math.PI / 2 / SIDE * i * (2 * k + 1)));
      }
    }
    return cosines;
  }

  private static float[] transposed() {
    float[] transposed = new float[SIDE * FREQUENCIES];
    for (int i = 0; i < FREQUENCIES; i++) {
      for (int k = 0; k < SIDE; k++) {
        transposed[k * FREQUENCIES + i] = COSINES[i * SIDE + k];
      }
    }
    return transposed;
  }

  private static int[] coefficients() {
    int[] lowest =
        IntStream.range(1, FREQUENCIES * FREQUENCIES)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(PatchHasher::squaredFrequency)
                    .thenComparing(Comparator.naturalOrder()))
            .limit(BITS)
            .mapToInt(Integer::intValue)
            .toArray();
    // The generator of Random is part of its specification, so the order never changes.
    Random random = new Random(ORDER_SEED);
    for (int i = BITS - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = lowest[i];
      lowest[i] = lowest[other];
      lowest[other] = kept;
    }
    return lowest;
  }

  private static int squaredFrequency(int coefficient) {
    int i = coefficient / FREQUENCIES;
    int j = coefficient % FREQUENCIES;
    return i * i + j * j;
  }
}
