package dev.mekiki.training.report;

import dev.mekiki.training.LabelNoise;
import dev.mekiki.training.TrainingResult;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.EvaluationListener;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.loop.TrainingLog;
import dev.mekiki.training.report.writer.Markdown;
import dev.mekiki.training.report.writer.Page;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The report of a training: as tables, as Markdown, and as one HTML file with plots and pictures
/// that loads nothing from elsewhere.
public final class TrainingReport {
  private final LabelledImages.Split images;
  private final String command;
  private final boolean hasNoise;
  private final TrainingMeasurements measurements;
  private final TrainingTables tables;
  private final TrainingPlots plots;

  /// Measures the networks of a training's own seed.
  ///
  /// @param images that were trained and measured with
  /// @param noise the same training with wrong labels, that with none first; may be empty
  /// @param log of the training
  /// @param command that trains again
  public TrainingReport(
      TrainingResult result,
      LabelledImages.Split images,
      List<LabelNoise.Measured> noise,
      TrainingLog log,
      String command,
      EvaluationListener listener) {
    double seconds = log.seconds();
    List<LabelNoise.Measured> shares = List.copyOf(noise);
    this.images = images;
    this.command = command;
    this.hasNoise = !shares.isEmpty();
    this.measurements = TrainingMeasurements.of(result, images, listener);
    this.tables = new TrainingTables(measurements, images, shares, log, seconds);
    this.plots = new TrainingPlots(measurements, shares, log);
  }

  /// Every table.
  public List<ReportTable> tables() {
    List<ReportTable> all = new ArrayList<>();
    all.add(tables.training());
    all.add(tables.quality());
    all.add(tables.length());
    if (hasNoise) {
      all.add(tables.noise());
    }
    all.add(tables.time());
    return all;
  }

  /// The tables in Markdown.
  public String markdown() {
    return Markdown.of(title(), command, tables());
  }

  /// The page.
  ///
  /// @throws IOException never, as the pictures are in memory
  public String html() throws IOException {
    Page page = new Page(title(), command);
    page.table(tables.training()).table(tables.quality());
    plots.map(page);
    page.table(tables.length());
    plots.cost(page);
    plots.precision(page);
    plots.centers(page);
    if (hasNoise) {
      page.table(tables.noise());
      plots.noise(page);
    }
    plots.losses(page);
    page.table(tables.time());
    TrainingMeasurements.Network shown = measurements.deserved();
    page.heading("Examples, %d bits".formatted(shown.bits()));
    List<PictureFile> pictures = new ArrayList<>(PictureFile.of("train", images.training()));
    pictures.addAll(PictureFile.of("test", images.test()));
    new ExampleFigures(pictures).show(page, shown.retrieval());
    return page.settings("Settings", new TreeMap<>(measurements.manifest().training().settings()))
        .finish();
  }

  private String title() {
    return "Training of " + measurements.manifest().name();
  }
}
