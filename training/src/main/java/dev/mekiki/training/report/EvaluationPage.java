package dev.mekiki.training.report;

import dev.mekiki.training.evaluation.Evaluation;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Moved;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.report.writer.Axis;
import dev.mekiki.training.report.writer.Page;
import dev.mekiki.training.report.writer.Plot;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/// The page of an evaluation: its tables, then plots, then examples.
final class EvaluationPage {
  private final Evaluation evaluation;
  private final Page page;

  EvaluationPage(Evaluation evaluation, String title, String command) {
    this.evaluation = evaluation;
    this.page = new Page(title, command);
  }

  String draw(List<ReportTable> tables, List<PictureFile> pictures) throws IOException {
    tables.forEach(page::table);
    page.heading("Plots");
    Retrieval retrieval = evaluation.retrieval();
    if (retrieval != null) {
      page.plot(
              RetrievalPlots.addPrecision(
                  RetrievalPlots.precisionOverRecall(), "all queries", retrieval))
          .plot(RetrievalPlots.byRadius(retrieval, evaluation.network().bits()));
      bucketPlot(retrieval);
    }
    evaluation.edits().forEach(this::editPlot);
    centerPlot();
    if (retrieval != null) {
      new ExampleFigures(pictures).show(page, retrieval);
    }
    return page.settings("Settings of the training", evaluation.network().settings()).finish();
  }

  private void bucketPlot(Retrieval retrieval) {
    List<Integer> sizes =
        retrieval.buckets().sizes().stream().sorted(Collections.reverseOrder()).toList();
    page.plot(
        new Plot(
                "Images of each bucket, fullest first",
                Axis.upTo("bucket", Math.max(1, sizes.size() - 1)),
                Math.max(1, sizes.getFirst()))
            .bars("images", sizes));
  }

  private void editPlot(Edits edits) {
    int bits = evaluation.network().bits();
    Plot plot =
        new Plot(
            "Copies within a distance: " + edits.data(),
            Axis.upTo("distance, bits", Math.min(bits, 4 * edits.radius())),
            1);
    edits.kinds().forEach(moved -> cumulative(plot, moved, 4 * edits.radius()));
    Moved unrelated = edits.unrelated();
    if (unrelated != null) {
      cumulative(plot, unrelated, 4 * edits.radius());
    }
    page.plot(plot);
  }

  private static void cumulative(Plot plot, Moved moved, int farthest) {
    int points = Math.min(moved.distances().size(), farthest + 1);
    double total = moved.distances().stream().mapToLong(Integer::longValue).sum();
    double[] xs = new double[points];
    double[] ys = new double[points];
    double passed = 0;
    for (int distance = 0; distance < points; distance++) {
      passed += moved.distances().get(distance);
      xs[distance] = distance;
      ys[distance] = passed / total;
    }
    plot.line(moved.kind(), xs, ys);
  }

  private void centerPlot() {
    List<Integer> distances = evaluation.centers().distances();
    page.plot(
        new Plot(
                "Distances of centers to each other",
                Axis.upTo("distance, bits", evaluation.network().bits()),
                Math.max(1, Collections.max(distances)))
            .bars("pairs", distances));
  }
}
