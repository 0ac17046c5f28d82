package dev.mekiki.training.report;

import static dev.mekiki.training.report.writer.ReportTable.decimals;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.training.evaluation.Evaluation.Answer;
import dev.mekiki.training.evaluation.Evaluation.Example;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.evaluation.Pixels;
import dev.mekiki.training.report.writer.Page;
import dev.mekiki.training.report.writer.Page.Figure;
import dev.mekiki.training.report.writer.Page.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Queries answered well and badly, as pictures.
final class ExampleFigures {
  private final Map<String, PictureFile> pictures = new HashMap<>();

  /// @param pictures where the examples' pictures are, by name; those not there are named alone
  ExampleFigures(List<PictureFile> pictures) {
    pictures.forEach(picture -> this.pictures.putIfAbsent(picture.name(), picture));
  }

  /// Adds the best and the worst.
  ///
  /// @throws IOException where a picture cannot be read
  void show(Page page, Retrieval retrieval) throws IOException {
    show(page, "Queries answered best, one of each class", retrieval.best());
    show(page, "Queries answered worst, one of each class", retrieval.worst());
  }

  private void show(Page page, String title, List<Example> examples) throws IOException {
    page.heading(title)
        .paragraph(
            "Each query, then the images nearest to it: of its class in green, others in red; the distance in bits behind the class.");
    for (Example example : examples) {
      List<Figure> figures = new ArrayList<>();
      figures.add(
          new Figure(
              Frame.QUERY,
              example.picture(),
              "%s, average precision %s"
                  .formatted(example.label(), decimals(3, example.averagePrecision())),
              source(example.picture())));
      for (Answer answer : example.answers()) {
        figures.add(
            new Figure(
                answer.relevant() ? Frame.RIGHT : Frame.WRONG,
                answer.picture(),
                "%s, %d".formatted(answer.label(), answer.distance()),
                source(answer.picture())));
      }
      page.figures(figures);
    }
  }

  private @Nullable String source(String name) throws IOException {
    PictureFile file = pictures.get(name);
    if (file == null) {
      return null;
    }
    try {
      return Pixels.dataAddress(file.content().bytes());
    } catch (BadImageException e) {
      throw new IOException("%s: changed while it was evaluated".formatted(name), e);
    }
  }
}
