package dev.mekiki.centers.solve;

import java.util.Random;
import java.util.stream.DoubleStream;

/// Similarities to solve for.
final class Similarities {
  private Similarities() {}

  /// Every entry any number from -1 to 1.
  static ClassSimilarity uniform(int classes, Random random) {
    float[][] entries = new float[classes][classes];
    for (int i = 0; i < classes; i++) {
      entries[i][i] = 1;
      for (int j = 0; j < i; j++) {
        entries[i][j] = random.nextFloat() * 2 - 1;
        entries[j][i] = entries[i][j];
      }
    }
    return ClassSimilarity.of(entries);
  }

  /// The cosines of random features, ten classes to a cluster.
  static ClassSimilarity clustered(int classes, Random random) {
    double[][] clusters = new double[Math.max(2, classes / 10)][];
    for (int cluster = 0; cluster < clusters.length; cluster++) {
      clusters[cluster] = gaussian(random);
    }
    double[][] features = new double[classes][];
    for (int i = 0; i < classes; i++) {
      double[] cluster = clusters[random.nextInt(clusters.length)];
      features[i] = gaussian(random);
      double squares = 0;
      for (int k = 0; k < cluster.length; k++) {
        features[i][k] = cluster[k] + 0.7 * features[i][k];
        squares += features[i][k] * features[i][k];
      }
      for (int k = 0; k < cluster.length; k++) {
        features[i][k] /= Math.sqrt(squares);
      }
    }
    float[][] entries = new float[classes][classes];
    for (int i = 0; i < classes; i++) {
      entries[i][i] = 1;
      for (int j = 0; j < i; j++) {
        double cosine = 0;
        for (int k = 0; k < features[i].length; k++) {
          cosine += features[i][k] * features[j][k];
        }
        entries[i][j] = (float) cosine;
        entries[j][i] = entries[i][j];
      }
    }
    return ClassSimilarity.of(entries);
  }

  private static double[] gaussian(Random random) {
    return DoubleStream.generate(random::nextGaussian).limit(32).toArray();
  }
}
