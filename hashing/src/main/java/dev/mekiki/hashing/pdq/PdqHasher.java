package dev.mekiki.hashing.pdq;

import dev.mekiki.hashing.code.HashCode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// PDQ-256 of a picture's luminance.
///
/// Two passes of a box filter along rows and columns, about half a 64th of the side wide each, add
/// up to a tent that spans one pixel of a 64 x 64 raster; the raster takes the filtered picture at
/// the middle of each of its cells. Of the raster's two-dimensional cosine transform the 16 x 16
/// lowest frequencies without the constant ones remain, and a bit is 1 where its coefficient lies
/// above their median. The quality sums the raster's visible steps between neighbours, so that a
/// flat picture has none.
///
/// The algorithm, its constants and its rounding (floats where they are summed, so that bits agree
/// with other implementations) are those of "PDQ and TMK + PDQF", Facebook, 2019; agreement is
/// tested against hashes of the reference implementation. Like it, this class takes a picture
/// larger than {@link #LARGEST_SIDE} on either side at 512 x 512 sample points first: the filter's
/// cost would grow with the picture otherwise.
public final class PdqHasher {
  /// Pixels; a picture that is larger on one side is sampled down to this on both.
  public static final int LARGEST_SIDE = 512;

  /// Pixels; a picture that is smaller on one side has the fingerprint of 256 zeros, quality 0.
  public static final int SMALLEST_SIDE = 5;

  private static final int RASTER = 64;
  private static final int KEPT = 16;
  private static final int PASSES = 2;

  /// Row i, column j: cosine of frequency i + 1 at raster position j.
  private static final float[] COSINES = cosines();

  private PdqHasher() {}

  /// The fingerprint of a picture.
  ///
  /// @param luminance 0.299 R + 0.587 G + 0.114 B of each pixel, 0 to 255; `height` rows of
  ///   `width`, row-major; left as it is
  /// @param width pixels, at least 1
  /// @param height pixels, at least 1
  /// @throws IllegalArgumentException if the array has another size
  public static Fingerprint hash(float[] luminance, int width, int height) {
    return hashes(luminance, width, height, List.of(Turn.NONE)).getFirst();
  }

  /// The fingerprints of a picture as it looks turned and mirrored, from one transform of it. They
  /// differ in a few bits from those of the turned pictures, because PDQ does not sample a picture
  /// symmetrically.
  ///
  /// @param luminance as {@link #hash} wants it
  /// @param turns what to do to the picture
  /// @return a fingerprint for each turn
  /// @throws IllegalArgumentException if the array has another size
  public static List<Fingerprint> hashes(
      float[] luminance, int width, int height, List<Turn> turns) {
    if (width < 1 || height < 1 || luminance.length != (long) width * height) {
      throw new IllegalArgumentException(
          "luminance: %d values for %d x %d pixels (expected: width * height, both at least 1)"
              .formatted(luminance.length, width, height));
    }
    if (width < SMALLEST_SIDE || height < SMALLEST_SIDE) {
      Fingerprint none =
          new Fingerprint(HashCode.fromBytes(new byte[Fingerprint.BITS / Byte.SIZE]), 0);
      return Collections.nCopies(turns.size(), none);
    }
    float[] raster = raster(luminance, width, height);
    float[] coefficients = transform(raster);
    int quality = quality(raster);
    return turns.stream()
        .map(turn -> new Fingerprint(bits(turn.of(coefficients, KEPT)), quality))
        .toList();
  }

  private static float[] raster(float[] luminance, int width, int height) {
    float[] picture = luminance;
    int columns = width;
    int rows = height;
    if (width > LARGEST_SIDE || height > LARGEST_SIDE) {
      columns = LARGEST_SIDE;
      rows = LARGEST_SIDE;
      picture = sample(luminance, width, height);
    }
    if (columns == RASTER && rows == RASTER) {
      return picture;
    }
    picture = new BoxFilter(columns, rows).filtered(picture, window(columns), window(rows), PASSES);
    float[] raster = new float[RASTER * RASTER];
    for (int i = 0; i < RASTER; i++) {
      int row = (int) ((i + 0.5) * rows / RASTER);
      for (int j = 0; j < RASTER; j++) {
        int column = (int) ((j + 0.5) * columns / RASTER);
        raster[i * RASTER + j] = picture[row * columns + column];
      }
    }
    return raster;
  }

  private static float[] sample(float[] luminance, int width, int height) {
    float[] sampled = new float[LARGEST_SIDE * LARGEST_SIDE];
    for (int i = 0; i < LARGEST_SIDE; i++) {
      int row = (int) ((long) i * height / LARGEST_SIDE);
      for (int j = 0; j < LARGEST_SIDE; j++) {
        int column = (int) ((long) j * width / LARGEST_SIDE);
        sampled[i * LARGEST_SIDE + j] = luminance[row * width + column];
      }
    }
    return sampled;
  }

  private static int window(int side) {
    return (side + 2 * RASTER - 1) / (2 * RASTER);
  }

  private static float[] cosines() {
    float[] cosines = new float[KEPT * RASTER];
    float scale = (float) Math.sqrt(2.0 / RASTER);
    for (int i = 0; i < KEPT; i++) {
      for (int j = 0; j < RASTER; j++) {
        cosines[i * RASTER + j] =
            (float) (scale * Math.cos(Math.PI / 2 / RASTER * (i + 1) * (2 * j + 1)));
      }
    }
    return cosines;
  }

  private static float[] transform(float[] raster) {
    float[] alongColumns = new float[KEPT * RASTER];
    for (int i = 0; i < KEPT; i++) {
      for (int j = 0; j < RASTER; j++) {
        float sum = 0;
        for (int k = 0; k < RASTER; k++) {
          sum += COSINES[i * RASTER + k] * raster[k * RASTER + j];
        }
        alongColumns[i * RASTER + j] = sum;
      }
    }
    float[] coefficients = new float[KEPT * KEPT];
    for (int i = 0; i < KEPT; i++) {
      for (int j = 0; j < KEPT; j++) {
        float sum = 0;
        for (int k = 0; k < RASTER; k++) {
          sum += alongColumns[i * RASTER + k] * COSINES[j * RASTER + k];
        }
        coefficients[i * KEPT + j] = sum;
      }
    }
    return coefficients;
  }

  private static HashCode bits(float[] coefficients) {
    float[] sorted = coefficients.clone();
    Arrays.sort(sorted);
    // The lower of the two middle values.
    float median = sorted[sorted.length / 2 - 1];
    long[] words = new long[Fingerprint.BITS / Long.SIZE];
    for (int i = 0; i < coefficients.length; i++) {
      if (coefficients[i] > median) {
        words[i / Long.SIZE] |= 1L << i;
      }
    }
    return HashCode.of(Fingerprint.BITS, words);
  }

  /// Steps between neighbours in hundredths of the full range, rounded toward 0 so that noise does
  /// not count; 90 is PDQ's scale.
  private static int quality(float[] raster) {
    int steps = 0;
    for (int i = 0; i < RASTER; i++) {
      for (int j = 0; j < RASTER; j++) {
        float value = raster[i * RASTER + j];
        if (i + 1 < RASTER) {
          steps += step(value, raster[(i + 1) * RASTER + j]);
        }
        if (j + 1 < RASTER) {
          steps += step(value, raster[i * RASTER + j + 1]);
        }
      }
    }
    return Math.min(100, steps / 90);
  }

  private static int step(float a, float b) {
    return Math.abs((int) ((a - b) * 100 / 255));
  }
}
