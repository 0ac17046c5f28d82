package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.Arrays;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// Compares two pictures, one laid over the other, pixel by pixel: structure by the correlation of
/// the surroundings of each pixel, then lightness and colour.
final class Comparison {
  /// Surroundings of a pixel: a square of this side.
  private static final Size SURROUNDINGS = new Size(13, 13);

  /// The border of the overlap does not count.
  private static final Size BORDER = new Size(5, 5);

  private static final float AGREES = 0.7f;
  private static final float DISAGREES = 0.4f;

  /// Least variance, in squared grey levels, of surroundings that can agree; and of those that can
  /// disagree.
  private static final float MIN_VARIANCE = 12;

  private static final float TEXTURE_VARIANCE = 36;

  // Keeps correlations of flat surroundings finite.
  private static final float EPSILON = 1e-3f;

  private final AlignedPicture first;
  private final AlignedPicture second;
  private final AffineMap map;
  private final Size size;
  private final Mats mats;

  private Comparison(AlignedPicture first, AlignedPicture second, AffineMap map, Mats mats) {
    this.first = first;
    this.second = second;
    this.map = map;
    this.size = second.grey().size();
    this.mats = mats;
  }

  /// The evidence for a map that block matching has found.
  static Evidence of(AlignedPicture first, AlignedPicture second, BlockMatching.Round round) {
    try (Mats mats = new Mats()) {
      return new Comparison(first, second, round.map(), mats)
          .evidence(round.inliers(), round.tested());
    }
  }

  private Evidence evidence(int inliers, int tested) {
    Mat mask = mats.add();
    Imgproc.erode(
        Warp.mask(first, map, size, mats), mask, mats.add(Mat.ones(BORDER, CvType.CV_8U)));
    boolean[] overlap = isSet(mask);
    Mat warped = Warp.grey(first, map, size, mats);
    boolean[] strokes = strokes(warped);
    Structure structure = new Structure(floats(second.grey()), floats(warped), overlap);
    int disagreeing = 0;
    for (int i = 0; i < strokes.length; i++) {
      disagreeing += overlap[i] && structure.differs[i] && !strokes[i] ? 1 : 0;
    }
    double shown = map.scale() * map.scale() * first.width() * first.height();
    double pixels = overlap.length;
    double overlapping = count(overlap);
    double agreeing = count(structure.agrees);
    return new Evidence(
        map,
        inliers,
        (double) inliers / Math.max(1, tested),
        Math.max(agreeing / pixels, Math.min(1, agreeing / Math.max(1, shown))),
        agreeing / Math.max(1, agreeing + disagreeing),
        badShare(overlap),
        Math.min(1, overlapping / Math.max(1, shown)),
        overlapping / pixels);
  }

  /// Where text lies over one of the pictures.
  private boolean[] strokes(Mat warped) {
    Mat strokes = Strokes.mask(warped, mats);
    Core.bitwise_or(strokes, Strokes.mask(second.grey(), mats), strokes);
    return isSet(strokes);
  }

  /// Where two grey pictures agree in the overlap, and where they differ anywhere, by pixel.
  private final class Structure {
    final boolean[] agrees;
    final boolean[] differs;
    final float[] meanA;
    final float[] meanB;

    Structure(Mat a, Mat b, boolean[] overlap) {
      Mat product = mats.add();
      Core.multiply(a, b, product);
      Mat squareA = mats.add();
      Core.multiply(a, a, squareA);
      Mat squareB = mats.add();
      Core.multiply(b, b, squareB);
      meanA = averaged(a);
      meanB = averaged(b);
      float[] meanProduct = averaged(product);
      float[] meanSquareA = averaged(squareA);
      float[] meanSquareB = averaged(squareB);
      agrees = new boolean[overlap.length];
      differs = new boolean[overlap.length];
      for (int i = 0; i < overlap.length; i++) {
        float varianceA = Math.max(0, meanSquareA[i] - meanA[i] * meanA[i]);
        float varianceB = Math.max(0, meanSquareB[i] - meanB[i] * meanB[i]);
        float covariance = meanProduct[i] - meanA[i] * meanB[i];
        float correlation = (float) (covariance / Math.sqrt(varianceA * varianceB + EPSILON));
        differs[i] = Math.max(varianceA, varianceB) > TEXTURE_VARIANCE && correlation < DISAGREES;
        agrees[i] =
            overlap[i] && correlation > AGREES && Math.min(varianceA, varianceB) > MIN_VARIANCE;
      }
    }
  }

  // Largest differences that count as equal: of lightness, and of the two axes of colour together.
  private static final float MAX_LIGHTNESS = 28;
  private static final float MAX_COLOUR = 16;

  /// Fewer agreeing pixels than this say nothing about gain and offset.
  private static final int MIN_AGREEING = 100;

  private static final double MIN_GAIN = 0.6;
  private static final double MAX_GAIN = 1.7;
  private static final float MIN_DEVIATION = 5;

  /// Lightness beyond which a picture is clipped.
  private static final float WHITE = 245;

  private static final float BLACK = 8;

  /// Mean distance from grey, on each axis, up to which a picture is a grey one.
  private static final double GREY = 2.5;

  /// Share of the overlap where lightness differs by more than a gain and an offset explain, where
  /// colours differ by more than an offset does, or where structure disagrees.
  private double badShare(boolean[] overlap) {
    Mat a = mats.add();
    Imgproc.cvtColor(second.bgr(), a, Imgproc.COLOR_BGR2Lab);
    Mat b = mats.add();
    Imgproc.cvtColor(Warp.bgr(first, map, size, mats), b, Imgproc.COLOR_BGR2Lab);
    Structure lightness = new Structure(channel(a, 0), channel(b, 0), overlap);
    int agreeing = count(lightness.agrees);
    if (agreeing < MIN_AGREEING) {
      return 1;
    }
    double gain = gain(lightness, agreeing);
    float[] offsets = new float[agreeing];
    select(
        lightness.agrees, offsets, i -> (float) (lightness.meanA[i] - gain * lightness.meanB[i]));
    float offset = median(offsets);
    float[] colour = isGrey(a, overlap) || isGrey(b, overlap) ? null : colours(a, b, lightness);
    int bad = 0;
    for (int i = 0; i < overlap.length; i++) {
      if (!overlap[i]) {
        continue;
      }
      float lightA = lightness.meanA[i];
      float lightB = lightness.meanB[i];
      boolean clipped = lightA > WHITE || lightA < BLACK || lightB > WHITE || lightB < BLACK;
      boolean lighter = Math.abs(lightA - (gain * lightB + offset)) > MAX_LIGHTNESS && !clipped;
      boolean coloured = colour != null && colour[i] > MAX_COLOUR;
      bad += lighter || coloured || lightness.differs[i] ? 1 : 0;
    }
    return (double) bad / count(overlap);
  }

  /// The slope of the second's lightness over the first's, by least squares where they agree.
  private static double gain(Structure lightness, int agreeing) {
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = 0; i < lightness.agrees.length; i++) {
      if (lightness.agrees[i]) {
        double x = lightness.meanB[i];
        double y = lightness.meanA[i];
        sumX += x;
        sumY += y;
        sumXx += x * x;
        sumXy += x * y;
      }
    }
    double variance = sumXx / agreeing - sumX / agreeing * (sumX / agreeing);
    if (variance <= MIN_DEVIATION * MIN_DEVIATION) {
      return 1;
    }
    double covariance = sumXy / agreeing - sumX / agreeing * (sumY / agreeing);
    return Math.clamp(covariance / variance, MIN_GAIN, MAX_GAIN);
  }

  /// How far colours differ beyond their median difference where the pictures agree.
  private float[] colours(Mat a, Mat b, Structure lightness) {
    float[] differences1 = difference(a, b, 1);
    float[] differences2 = difference(a, b, 2);
    float[] agreeing = new float[count(lightness.agrees)];
    select(lightness.agrees, agreeing, i -> differences1[i]);
    float median1 = median(agreeing);
    select(lightness.agrees, agreeing, i -> differences2[i]);
    float median2 = median(agreeing);
    float[] colours = new float[differences1.length];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = (float) Math.hypot(differences1[i] - median1, differences2[i] - median2);
    }
    return colours;
  }

  private float[] difference(Mat a, Mat b, int channel) {
    float[] difference = averaged(channel(a, channel));
    float[] other = averaged(channel(b, channel));
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= other[i];
    }
    return difference;
  }

  private boolean isGrey(Mat lab, boolean[] overlap) {
    byte[] pixels = new byte[3 * overlap.length];
    lab.get(0, 0, pixels);
    long distance = 0;
    for (int i = 0; i < overlap.length; i++) {
      if (overlap[i]) {
        distance += Math.abs((pixels[3 * i + 1] & 0xFF) - 128);
        distance += Math.abs((pixels[3 * i + 2] & 0xFF) - 128);
      }
    }
    return distance < GREY * 2 * count(overlap);
  }

  private Mat channel(Mat lab, int channel) {
    Mat single = mats.add();
    Core.extractChannel(lab, single, channel);
    return floats(single);
  }

  private Mat floats(Mat bytes) {
    Mat floats = mats.add();
    bytes.convertTo(floats, CvType.CV_32F);
    return floats;
  }

  /// Means over the surroundings of each pixel.
  private float[] averaged(Mat picture) {
    Mat means = mats.add();
    Imgproc.boxFilter(
        picture, means, CvType.CV_32F, SURROUNDINGS, new Point(-1, -1), true, Core.BORDER_REFLECT);
    float[] values = new float[means.rows() * means.cols()];
    means.get(0, 0, values);
    return values;
  }

  private static boolean[] isSet(Mat mask) {
    byte[] bytes = new byte[mask.rows() * mask.cols()];
    mask.get(0, 0, bytes);
    boolean[] overlap = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      overlap[i] = bytes[i] != 0;
    }
    return overlap;
  }

  private static int count(boolean[] values) {
    int count = 0;
    for (boolean value : values) {
      count += value ? 1 : 0;
    }
    return count;
  }

  private interface Value {
    float at(int i);
  }

  private static void select(boolean[] where, float[] selected, Value value) {
    int next = 0;
    for (int i = 0; i < where.length; i++) {
      if (where[i]) {
        selected[next++] = value.at(i);
      }
    }
  }

  private static float median(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
