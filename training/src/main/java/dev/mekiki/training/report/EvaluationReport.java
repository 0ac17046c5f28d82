package dev.mekiki.training.report;

import static dev.mekiki.training.report.writer.ReportTable.count;
import static dev.mekiki.training.report.writer.ReportTable.decimals;
import static dev.mekiki.training.report.writer.ReportTable.percent;

import dev.mekiki.training.evaluation.Evaluation;
import dev.mekiki.training.evaluation.Evaluation.AtRadius;
import dev.mekiki.training.evaluation.Evaluation.Buckets;
import dev.mekiki.training.evaluation.Evaluation.Centers;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Moved;
import dev.mekiki.training.evaluation.Evaluation.Network;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.report.writer.Markdown;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The report of an evaluation: as tables, as Markdown, and as one HTML file with plots and
/// pictures that loads nothing from elsewhere.
public final class EvaluationReport {
  private final Evaluation evaluation;
  private final List<Integer> radii;
  private final String command;

  /// @param radii that tables of radii show, 0 to bits; plots show all
  /// @param command that measures it again
  public EvaluationReport(Evaluation evaluation, List<Integer> radii, String command) {
    this.evaluation = evaluation;
    this.radii = List.copyOf(radii);
    this.command = command;
  }

  /// Every table.
  public List<ReportTable> tables() {
    List<ReportTable> tables = new ArrayList<>();
    tables.add(networkTable());
    Retrieval retrieval = evaluation.retrieval();
    if (retrieval != null) {
      tables.add(mapTable(retrieval));
      tables.add(radiusTable(retrieval));
      tables.add(bucketTable(retrieval));
    }
    evaluation.edits().forEach(edits -> tables.add(editTable(edits)));
    tables.add(centerTable());
    tables.add(stageTable());
    return tables;
  }

  /// The tables in Markdown.
  public String markdown() {
    return Markdown.of(title(), command, tables());
  }

  /// The page.
  ///
  /// @param pictures where the examples' pictures are, by name; those not there are named alone
  /// @throws IOException where a picture cannot be read
  public String html(List<PictureFile> pictures) throws IOException {
    return new EvaluationPage(evaluation, title(), command).draw(tables(), pictures);
  }

  private String title() {
    return "Evaluation of " + evaluation.network().name();
  }

  private ReportTable networkTable() {
    Network network = evaluation.network();
    ReportTable table =
        ReportTable.of("The bundle", "", "what", "value")
            .row("bundle", network.bundle())
            .row("name", network.name())
            .row("network", network.id())
            .row("bits", network.bits())
            .row("weights", count(network.weights()))
            .row("trained on", network.trainedOn())
            .row("training images", count(network.trainingImages()))
            .row("epochs", network.epochs())
            .row("seed", network.seed())
            .row("trained by", network.command())
            .row("licence", network.licence());
    for (var metric : network.metrics().entrySet()) {
      table = table.row("at training: " + metric.getKey(), decimals(4, metric.getValue()));
    }
    return table;
  }

  private static ReportTable mapTable(Retrieval retrieval) {
    ReportTable table =
        ReportTable.of(
            "Mean average precision",
            "%s queries against %s images of %s classes (%s). Within the first k images of an answer: the precisions at the relevant images found there, divided by their number. Images at one distance stand in the order of the database; beside it, random orders of the database."
                .formatted(
                    count(retrieval.queries()),
                    count(retrieval.database()),
                    count(retrieval.classes()),
                    retrieval.data()),
            "k",
            "MAP",
            "random orders",
            "mean",
            "min",
            "max");
    for (Evaluation.MapAt at : retrieval.map()) {
      table =
          table.row(
              at.k(),
              decimals(4, at.value()),
              at.orders(),
              decimals(4, at.mean()),
              decimals(4, at.min()),
              decimals(4, at.max()));
    }
    String exact = decimals(4, retrieval.tieAveragedMapAtAll());
    return table.row("ALL, ties averaged", exact, "all", exact, "", "");
  }

  private ReportTable radiusTable(Retrieval retrieval) {
    ReportTable table =
        ReportTable.of(
            "Precision and recall by radius",
            "Means over queries; a query that finds nothing counts as precision 0. Pooled: of all that all queries find.",
            "radius",
            "precision",
            "pooled precision",
            "recall",
            "images found",
            "queries that find nothing");
    for (int radius : radii) {
      AtRadius at = retrieval.radii().get(radius);
      table =
          table.row(
              at.radius(),
              decimals(4, at.precision()),
              decimals(4, at.pooledPrecision()),
              decimals(4, at.recall()),
              decimals(1, at.images()),
              percent(at.empty()));
    }
    return table;
  }

  private static ReportTable bucketTable(Retrieval retrieval) {
    Buckets buckets = retrieval.buckets();
    Double accuracy = retrieval.nearestCenterAccuracy();
    return ReportTable.of(
            "Bucket balance",
            "Every image of the database belongs to the bucket of its nearest center. Effective: exp(entropy), the number of equally full buckets that would be as uneven.",
            "what",
            "value")
        .row("buckets", buckets.buckets())
        .row("with an image", buckets.used())
        .row("effective", decimals(1, buckets.effective()))
        .row("images in the emptiest", count(buckets.min()))
        .row("in the median", decimals(1, buckets.median()))
        .row("in the fullest", count(buckets.max()))
        .row("share of the fullest", percent(buckets.largestShare()))
        .row("mean distance to the nearest center", decimals(2, buckets.meanShell()) + " bits")
        .row(
            "queries whose nearest center is that of their class",
            accuracy == null
                ? "none of the classes has a center"
                : "%s of %s".formatted(percent(accuracy), count(retrieval.centerQueries())));
  }

  private static ReportTable editTable(Edits edits) {
    ReportTable table =
        ReportTable.of(
            "How codes move when pictures are edited",
            "%s of the %s. Bits between a picture's code and that of its edited copy, saved as a JPEG."
                .formatted(count(edits.pictures()), edits.data()),
            "edit",
            "mean",
            "p50",
            "p90",
            "p99",
            "max",
            "within %d bits".formatted(edits.radius()));
    List<Moved> all = new ArrayList<>(edits.kinds());
    Moved unrelated = edits.unrelated();
    if (unrelated != null) {
      all.add(unrelated);
    }
    for (Moved moved : all) {
      table =
          table.row(
              moved.kind(),
              decimals(2, moved.mean()),
              moved.p50(),
              moved.p90(),
              moved.p99(),
              moved.max(),
              percent(moved.within()));
    }
    return table;
  }

  private ReportTable centerTable() {
    Centers centers = evaluation.centers();
    return ReportTable.of("Centers", "", "what", "value")
        .row("centers", centers.count())
        .row("smallest distance of two", centers.minDistance() + " bits")
        .row("mean distance of two", decimals(2, centers.meanDistance()) + " bits");
  }

  private ReportTable stageTable() {
    ReportTable table =
        ReportTable.of("What it took", "", "stage", "images", "seconds", "images/s");
    for (Evaluation.Stage stage : evaluation.stages()) {
      table =
          table.row(
              stage.name(),
              count(stage.images()),
              decimals(1, stage.seconds()),
              decimals(0, stage.images() / stage.seconds()));
    }
    return table;
  }
}
