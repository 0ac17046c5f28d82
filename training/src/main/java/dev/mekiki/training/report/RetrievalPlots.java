package dev.mekiki.training.report;

import dev.mekiki.training.evaluation.Evaluation.AtRadius;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Plot;
import java.util.function.ToDoubleFunction;

/// Plots of what queries find.
final class RetrievalPlots {
  private RetrievalPlots() {}

  /// An empty plot of pooled precision over recall, for {@link #addPrecision}.
  static Plot precisionOverRecall() {
    return new Plot("Pooled precision over recall", Axis.upTo("recall", 1), 1);
  }

  /// Adds a line with a point for each radius.
  static Plot addPrecision(Plot plot, String name, Retrieval retrieval) {
    return plot.line(
        name, column(retrieval, AtRadius::recall), column(retrieval, AtRadius::pooledPrecision));
  }

  static Plot byRadius(Retrieval retrieval, int bits) {
    double[] radius = column(retrieval, AtRadius::radius);
    return new Plot("By radius", Axis.upTo("radius, bits", bits), 1)
        .line("pooled precision", radius, column(retrieval, AtRadius::pooledPrecision))
        .line("precision", radius, column(retrieval, AtRadius::precision))
        .line("recall", radius, column(retrieval, AtRadius::recall));
  }

  private static double[] column(Retrieval retrieval, ToDoubleFunction<AtRadius> value) {
    return retrieval.radii().stream().mapToDouble(value).toArray();
  }
}
