package dev.mekiki.training.evaluation;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;

/// Mean average precision of binary codes over a whole database (MAP\@ALL): how far up the images of
/// the query's class stand when the database is sorted by Hamming distance.
///
/// Codes have few distances and therefore many ties, and the order within a tie decides the average
/// precision. Here each tie counts as the mean over all its orders (McSherry and Najork, "Computing
/// information retrieval performance measures efficiently in the presence of tied scores", 2008):
/// nothing depends on the order of the database. With N images and R relevant ones nearer than a tie
/// of n images, r of them relevant, position i of the tie (from 1) is relevant with probability r / n
/// and has then on average R + 1 + (i - 1)(r - 1) / (n - 1) relevant images up to itself, so that the
/// tie adds
///
///     r / n * sum over i = 1..n of (R + 1 + (i - 1)(r - 1) / (n - 1)) / (N + i)
///
/// to the sum of precisions. With harmonic numbers H the sum of 1 / (N + i) is H(N + n) - H(N) and
/// that of (i - 1) / (N + i) is n - (N + 1)(H(N + n) - H(N)): a query costs one bit count for each
/// image and one step for each distance.
public final class MeanAveragePrecision {
  private final int[] labels;
  private final PackedDatabase packed;
  private final double[] harmonic;

  /// @param codes of the database, all of the same number of bits, at least one
  /// @param labels class of each
  public MeanAveragePrecision(List<HashCode> codes, int[] labels) {
    this.labels = labels.clone();
    this.packed = new PackedDatabase(codes);
    this.harmonic = new double[codes.size() + 1];
    for (int i = 1; i <= codes.size(); i++) {
      harmonic[i] = harmonic[i - 1] + 1.0 / i;
    }
  }

  /// The mean over queries, 0 to 1.
  public double of(List<HashCode> queries, int[] queryLabels) {
    double sum = 0;
    for (int i = 0; i < queries.size(); i++) {
      sum += averagePrecision(queries.get(i), queryLabels[i]);
    }
    return sum / queries.size();
  }

  /// Average precision of one query; 0 where the database has no image of its class.
  public double averagePrecision(HashCode query, int label) {
    int[] images = new int[packed.bits() + 1];
    int[] relevant = new int[packed.bits() + 1];
    short[] distances = packed.distances(query);
    for (int i = 0; i < distances.length; i++) {
      images[distances[i]]++;
      if (labels[i] == label) {
        relevant[distances[i]]++;
      }
    }
    return averagePrecision(images, relevant);
  }

  /// The same of a query that is known by what lies at each distance from it.
  ///
  /// @param images of the database at each distance, 0 to bits
  /// @param relevant those of the query's class among them
  public double averagePrecision(int[] images, int[] relevant) {
    double precisions = 0;
    int nearer = 0;
    int relevantNearer = 0;
    for (int distance = 0; distance < images.length; distance++) {
      int n = images[distance];
      int r = relevant[distance];
      if (r > 0) {
        double reciprocals = harmonic[nearer + n] - harmonic[nearer];
        double growth = n > 1 ? (r - 1.0) / (n - 1) : 0;
        precisions +=
            (double) r
                / n
                * ((relevantNearer + 1) * reciprocals + growth * (n - (nearer + 1) * reciprocals));
      }
      nearer += n;
      relevantNearer += r;
    }
    return relevantNearer == 0 ? 0 : precisions / relevantNearer;
  }
}
