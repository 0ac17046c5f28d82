package dev.mekiki.training.evaluation;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.evaluation.Evaluation.AtRadius;
import dev.mekiki.training.evaluation.Evaluation.MapAt;
import dev.mekiki.training.evaluation.RankedDatabase.Ranks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/// Asks a database with every query, in its own order and in random ones.
///
/// A random order is one of the whole database, the same for all queries: what an evaluation gives
/// whose database happens to be read in that order.
final class RetrievalMeasurement {
  private static final int ALL = Integer.MAX_VALUE;
  private static final List<Integer> CUTS = List.of(100, 1_000, ALL);

  /// Queries that are asked in parallel and then added up, in their order: sums of floating point
  /// numbers stay the same from run to run.
  private static final int BLOCK = 256;

  private final List<RankedDatabase> orders = new ArrayList<>();
  private final MeanAveragePrecision tieAveraged;
  private final int bits;

  /// @param labels class of each code
  /// @param randomOrders at least 1
  RetrievalMeasurement(List<HashCode> codes, int[] labels, int randomOrders, long seed) {
    RankedDatabase own = new RankedDatabase(codes, labels);
    orders.add(own);
    for (int order = 1; order <= randomOrders; order++) {
      orders.add(own.shuffled(seed + order));
    }
    this.tieAveraged = new MeanAveragePrecision(codes, labels);
    this.bits = own.bits();
  }

  /// The database in its own order.
  RankedDatabase database() {
    return orders.getFirst();
  }

  /// @param queries at least one
  /// @param labels class of each
  Found of(List<HashCode> queries, int[] labels, EvaluationListener listener) {
    double[][] sums = new double[orders.size()][CUTS.size()];
    double[] tieAveragedPrecisions = new double[queries.size()];
    RadiusSums radii = new RadiusSums(bits);
    for (int from = 0; from < queries.size(); from += BLOCK) {
      int to = Math.min(queries.size(), from + BLOCK);
      List<Asked> block =
          IntStream.range(from, to)
              .parallel()
              .mapToObj(i -> ask(queries.get(i), labels[i]))
              .toList();
      for (int i = 0; i < block.size(); i++) {
        Asked asked = block.get(i);
        for (int order = 0; order < sums.length; order++) {
          for (int cut = 0; cut < CUTS.size(); cut++) {
            sums[order][cut] += asked.precisions()[order][cut];
          }
        }
        tieAveragedPrecisions[from + i] = asked.tieAveraged();
        radii.add(asked.ranks());
      }
      listener.progress("ask", to, queries.size());
    }
    List<MapAt> map = new ArrayList<>();
    for (int cut = 0; cut < CUTS.size(); cut++) {
      int at = cut;
      DoubleSummaryStatistics random =
          Arrays.stream(sums, 1, sums.length)
              .mapToDouble(order -> order[at] / queries.size())
              .summaryStatistics();
      map.add(
          new MapAt(
              CUTS.get(cut) == ALL ? "ALL" : Integer.toString(CUTS.get(cut)),
              sums[0][cut] / queries.size(),
              random.getAverage(),
              random.getMin(),
              random.getMax(),
              orders.size() - 1));
    }
    return new Found(map, tieAveragedPrecisions, radii.means());
  }

  private Asked ask(HashCode query, int label) {
    Ranks own = orders.getFirst().ranks(query, label);
    double[][] precisions = new double[orders.size()][CUTS.size()];
    for (int order = 0; order < precisions.length; order++) {
      Ranks ranks = order == 0 ? own : orders.get(order).ranks(query, label);
      for (int cut = 0; cut < CUTS.size(); cut++) {
        precisions[order][cut] = ranks.averagePrecision(CUTS.get(cut));
      }
    }
    return new Asked(own, precisions, tieAveraged.averagePrecision(own.images(), own.relevant()));
  }

  /// @param averagePrecisions of each query over the whole database, ties averaged
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Found(List<MapAt> map, double[] averagePrecisions, List<AtRadius> radii) {}

  /// @param precisions for each order, at each cut
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Asked(Ranks ranks, double[][] precisions, double tieAveraged) {}

  /// Sums over queries of what lies within each radius.
  private static final class RadiusSums {
    private final double[] precision;
    private final double[] recall;
    private final long[] images;
    private final long[] relevant;
    private final int[] empty;
    private int queries;

    RadiusSums(int bits) {
      precision = new double[bits + 1];
      recall = new double[bits + 1];
      images = new long[bits + 1];
      relevant = new long[bits + 1];
      empty = new int[bits + 1];
    }

    void add(Ranks ranks) {
      queries++;
      int found = 0;
      int right = 0;
      for (int radius = 0; radius < precision.length; radius++) {
        found += ranks.images()[radius];
        right += ranks.relevant()[radius];
        images[radius] += found;
        relevant[radius] += right;
        if (found == 0) {
          empty[radius]++;
        } else {
          precision[radius] += (double) right / found;
        }
        if (right > 0) {
          recall[radius] += (double) right / ranks.relevantRanks().length;
        }
      }
    }

    List<AtRadius> means() {
      List<AtRadius> means = new ArrayList<>();
      for (int radius = 0; radius < precision.length; radius++) {
        means.add(
            new AtRadius(
                radius,
                precision[radius] / queries,
                images[radius] == 0 ? 0 : (double) relevant[radius] / images[radius],
                recall[radius] / queries,
                (double) images[radius] / queries,
                (double) empty[radius] / queries));
      }
      return means;
    }
  }
}
