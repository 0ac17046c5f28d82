package dev.mekiki.encoding.align;

import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import java.util.Arrays;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Scalar;
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

  /// Surroundings overlap so much that every second row and column says the same.
  private static final int SAMPLING = 2;

  /// The surroundings in a picture that has the samples alone: colours are averaged anyway.
  private static final Size SURROUNDING_SAMPLES = new Size(7, 7);

  private static final AffineMap TO_SAMPLES = new AffineMap(0.5, 0, -0.25, 0, 0.5, -0.25);

  // Keeps correlations of flat surroundings finite.
  private static final float EPSILON = 1e-3f;

  private final AlignedPicture first;
  private final AlignedPicture second;
  private final AffineMap map;
  private final Size size;
  private final Mat laidOver;
  private final Mats mats;

  private Comparison(
      AlignedPicture first, AlignedPicture second, AffineMap map, Mat laidOver, Mats mats) {
    this.laidOver = laidOver;
    this.first = first;
    this.second = second;
    this.map = map;
    this.size = second.grey().size();
    this.mats = mats;
  }

  /// The evidence for a map that block matching has found.
  static Evidence of(AlignedPicture first, AlignedPicture second, BlockMatching.Round round) {
    try (Mats mats = new Mats()) {
      return of(first, second, round, mats.add());
    }
  }

  /// The same where something is known to lie over one of the pictures.
  ///
  /// @param laidOver 255 there, in the second picture; empty for nowhere
  static Evidence of(
      AlignedPicture first, AlignedPicture second, BlockMatching.Round round, Mat laidOver) {
    try (Mats mats = new Mats()) {
      return new Comparison(first, second, round.map(), laidOver, mats)
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
    Mat target = Warp.target(second, map, mats);
    Structure structure = new Structure(floats(target), floats(warped), overlap);
    if (!laidOver.empty()) {
      structure.ignore(isSet(laidOver));
    }
    int disagreeing = 0;
    for (int i = 0; i < strokes.length; i++) {
      disagreeing += overlap[i] && structure.differs[i] && !strokes[i] ? 1 : 0;
    }
    double shown =
        map.scale() * map.scale() * first.width() * first.height() / (SAMPLING * SAMPLING);
    double all = overlap.length;
    double overlapping = count(overlap);
    double agreeing = count(structure.agrees);
    return new Evidence(
        map,
        inliers,
        (double) inliers / Math.max(1, tested),
        Math.max(agreeing / all, Math.min(1, agreeing / Math.max(1, shown))),
        agreeing / Math.max(1, agreeing + disagreeing),
        badShare(structure, overlap, mask),
        Math.min(1, overlapping / Math.max(1, shown)),
        overlapping / all);
  }

  /// Where text lies over one of the pictures.
  private boolean[] strokes(Mat warped) {
    return isSet(Strokes.laidOver(Strokes.of(warped, mats), second.strokes(), mats));
  }

  /// Where two grey pictures agree in the overlap, and where they differ anywhere, by sample.
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

    private void ignore(boolean[] where) {
      for (int i = 0; i < differs.length; i++) {
        differs[i] &= !where[i];
      }
    }
  }

  // Largest differences that count as equal: of lightness, and of the two axes of colour together.
  private static final float MAX_LIGHTNESS = 28;
  private static final float MAX_COLOUR = 16;

  /// Fewer agreeing samples than this say nothing about gain and offset.
  private static final int MIN_AGREEING = 25;

  private static final double MIN_GAIN = 0.6;
  private static final double MAX_GAIN = 1.7;
  private static final float MIN_DEVIATION = 5;

  /// Values that a median looks at, at least, where there are as many.
  private static final int MEDIAN_VALUES = 1024;

  /// Lightness beyond which a picture is clipped.
  private static final float WHITE = 245;

  private static final float BLACK = 8;

  /// Mean distance from grey, on each axis, up to which a picture is a grey one.
  private static final double GREY = 2.5;

  /// Share of the overlap where lightness differs by more than a gain and an offset explain, where
  /// colours differ by more than an offset does, or where structure disagrees.
  private double badShare(Structure structure, boolean[] overlap, Mat mask) {
    int agreeing = count(structure.agrees);
    if (agreeing < MIN_AGREEING) {
      return 1;
    }
    double gain = gain(structure, agreeing);
    float[] offsets = new float[agreeing];
    select(
        structure.agrees, offsets, i -> (float) (structure.meanA[i] - gain * structure.meanB[i]));
    float offset = median(offsets);
    boolean[] colours = colours(structure, mask);
    int bad = 0;
    for (int i = 0; i < overlap.length; i++) {
      if (!overlap[i]) {
        continue;
      }
      float lightA = structure.meanA[i];
      float lightB = structure.meanB[i];
      boolean clipped = lightA > WHITE || lightA < BLACK || lightB > WHITE || lightB < BLACK;
      boolean lighter = Math.abs(lightA - (gain * lightB + offset)) > MAX_LIGHTNESS && !clipped;
      bad += lighter || colours[i] || structure.differs[i] ? 1 : 0;
    }
    return (double) bad / count(overlap);
  }

  /// The slope of the second's lightness over the first's, by least squares where they agree.
  private static double gain(Structure structure, int agreeing) {
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = 0; i < structure.agrees.length; i++) {
      if (structure.agrees[i]) {
        double x = structure.meanB[i];
        double y = structure.meanA[i];
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

  /// Where colours differ by more than their median difference where the pictures agree; nowhere if
  /// one of the pictures is a grey one.
  private boolean[] colours(Structure structure, Mat mask) {
    Size samples = new Size(samples((int) size.width), samples((int) size.height));
    Mat ofSamples = mats.add();
    Imgproc.resize(mask, ofSamples, samples, 0, 0, Imgproc.INTER_NEAREST);
    Mat a = mats.add();
    Imgproc.resize(second.bgr(), a, samples, 0, 0, Imgproc.INTER_AREA);
    Imgproc.cvtColor(a, a, Imgproc.COLOR_BGR2Lab);
    Mat b = mats.add();
    Imgproc.cvtColor(
        Warp.bgr(first, map.then(TO_SAMPLES), samples, mats), b, Imgproc.COLOR_BGR2Lab);
    boolean[] differ = new boolean[structure.agrees.length];
    if (isGrey(a, ofSamples) || isGrey(b, ofSamples)) {
      return differ;
    }
    Mat difference = mats.add();
    Core.subtract(a, b, difference, new Mat(), CvType.CV_32F);
    Mat axis = mats.add();
    Core.extractChannel(difference, axis, 1);
    float[] differences1 = values(averaged(axis, SURROUNDING_SAMPLES));
    Core.extractChannel(difference, axis, 2);
    float[] differences2 = values(averaged(axis, SURROUNDING_SAMPLES));
    float[] agreeing = new float[count(structure.agrees)];
    select(structure.agrees, agreeing, i -> differences1[i]);
    float median1 = median(agreeing);
    select(structure.agrees, agreeing, i -> differences2[i]);
    float median2 = median(agreeing);
    for (int i = 0; i < differ.length; i++) {
      float d1 = differences1[i] - median1;
      float d2 = differences2[i] - median2;
      differ[i] = d1 * d1 + d2 * d2 > MAX_COLOUR * MAX_COLOUR;
    }
    return differ;
  }

  private boolean isGrey(Mat lab, Mat mask) {
    Mat distances = mats.add();
    Core.absdiff(lab, new Scalar(0, 128, 128), distances);
    double[] means = Core.mean(distances, mask).val;
    return means[1] + means[2] < 2 * GREY;
  }

  private Mat floats(Mat bytes) {
    Mat floats = mats.add();
    bytes.convertTo(floats, CvType.CV_32F);
    return floats;
  }

  /// Means over the surroundings of each sample.
  private float[] averaged(Mat picture) {
    Mat means = averaged(picture, SURROUNDINGS);
    float[] values = values(means);
    int width = means.cols();
    float[] samples = new float[samples(means.rows()) * samples(width)];
    int next = 0;
    for (int y = 0; y < means.rows(); y += SAMPLING) {
      for (int x = 0; x < width; x += SAMPLING) {
        samples[next++] = values[y * width + x];
      }
    }
    return samples;
  }

  private Mat averaged(Mat picture, Size surroundings) {
    Mat means = mats.add();
    Imgproc.boxFilter(
        picture, means, CvType.CV_32F, surroundings, new Point(-1, -1), true, Core.BORDER_REFLECT);
    return means;
  }

  private static float[] values(Mat floats) {
    float[] values = new float[floats.rows() * floats.cols()];
    floats.get(0, 0, values);
    return values;
  }

  private static boolean[] isSet(Mat mask) {
    byte[] bytes = Mats.bytes(mask);
    int width = mask.cols();
    boolean[] samples = new boolean[samples(mask.rows()) * samples(width)];
    int next = 0;
    for (int y = 0; y < mask.rows(); y += SAMPLING) {
      for (int x = 0; x < width; x += SAMPLING) {
        samples[next++] = bytes[y * width + x] != 0;
      }
    }
    return samples;
  }

  private static int samples(int pixels) {
    return (pixels + SAMPLING - 1) / SAMPLING;
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

  /// Of some of the values, which differ little from their neighbours.
  private static float median(float[] values) {
    int step = Math.max(1, values.length / MEDIAN_VALUES);
    float[] sorted = new float[(values.length + step - 1) / step];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = values[i * step];
    }
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
