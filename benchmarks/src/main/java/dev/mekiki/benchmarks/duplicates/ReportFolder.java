package dev.mekiki.benchmarks.duplicates;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.benchmarks.duplicates.DuplicatesReport.EditResult;
import dev.mekiki.benchmarks.duplicates.DuplicatesReport.FamilyResult;
import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.training.report.writer.DotChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/// Where a report is written: `duplicates.json`, all figures; `duplicates.md`, the tables;
/// `duplicates.svg`, the chart; and a picture `wrong-001.png` and so on for each pair of different
/// pictures that was taken for copies, with what it says about the pair in `wrong.md`.
final class ReportFolder {
  /// Of each of the two pictures side by side, in pixels.
  private static final int SIDE = 400;

  private static final int LABEL = 24;

  /// Beyond, nobody looks at them.
  private static final int MAX_PAIRS = 300;

  private static final Scalar OVERLAP = new Scalar(0, 200, 0);

  private final Path directory;
  private int pairs;

  /// @param directory made where it is missing
  ReportFolder(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  void write(DuplicatesReport report) throws IOException {
    JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(directory.resolve("duplicates.json").toFile(), report);
    Files.writeString(directory.resolve("duplicates.md"), markdown(report));
    Files.writeString(directory.resolve("duplicates.svg"), chart(report.edits()));
    Files.writeString(
        directory.resolve("wrong.md"), "| picture | first | second | how |\n|---|---|---|---|\n");
  }

  private static String markdown(DuplicatesReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| edit | required | found | precision | PDQ | pHash |\n|---|---|---|---|---|---|\n");
    for (EditResult edit : report.edits()) {
      String found = percent(edit.recall());
      text.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  edit.edit(),
                  percent(edit.required()),
                  edit.met() ? found : "**%s**".formatted(found),
                  percent(edit.precision()),
                  percent(edit.pdqRecall()),
                  percent(edit.phashRecall())));
    }
    text.append(
        "\n| originals | pictures | found | edits that miss what is required |\n|---|---|---|---|\n");
    for (FamilyResult family : report.families()) {
      text.append(
          "| %s | %d | %s | %s |\n"
              .formatted(
                  family.family(),
                  family.images(),
                  percent(family.recall()),
                  String.join(", ", family.missed())));
    }
    text.append(
        "\n| | |\n|---|---|\n| pictures taken for the same bytes | %d |\n| taken for copies | %d |\n"
            .formatted(report.falseExact(), report.falseDuplicate()));
    return text.toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String chart(List<EditResult> edits) {
    DotChart chart =
        new DotChart(
            "Edited copies that are found", "required", List.of("Mekiki", "PDQ alone", "pHash"));
    edits.forEach(edit ->
        chart.row(
            edit.edit(), edit.required(), edit.recall(), edit.pdqRecall(), edit.phashRecall()));
    return chart.svg();
  }

  /// Draws a wrong pair side by side.
  ///
  /// @param description of the pair: first, second, how, two spaces between
  /// @param overlap what they are said to have in common; null for all
  void writePair(String description, byte[] first, byte[] second, @Nullable Overlap overlap)
      throws IOException {
    if (++pairs > MAX_PAIRS) {
      return;
    }
    String name = String.format(Locale.ROOT, "wrong-%03d.png", pairs);
    try (Mats mats = new Mats()) {
      Mat sheet =
          mats.add(new Mat(SIDE + LABEL, 2 * SIDE, CvType.CV_8UC3, new Scalar(255, 255, 255)));
      place(mats, sheet, 0, first, overlap == null ? null : overlap.inCopy());
      place(mats, sheet, SIDE, second, overlap == null ? null : overlap.inFound());
      Imgproc.putText(
          sheet,
          description,
          new Point(4, SIDE + LABEL - 8.0),
          Imgproc.FONT_HERSHEY_SIMPLEX,
          0.4,
          new Scalar(0, 0, 0),
          1,
          Imgproc.LINE_AA);
      if (!Imgcodecs.imwrite(directory.resolve(name).toString(), sheet)) {
        throw new IOException("%s: not written".formatted(directory.resolve(name)));
      }
    }
    Path list = directory.resolve("wrong.md");
    String row = "| %s | %s |\n".formatted(name, description.replace("  ", " | "));
    Files.writeString(list, Files.readString(list) + row);
  }

  private static void place(
      Mats mats, Mat sheet, int left, byte[] file, Overlap.@Nullable Box box) {
    Mat picture =
        mats.add(Imgcodecs.imdecode(mats.add(new MatOfByte(file)), Imgcodecs.IMREAD_COLOR));
    double scale = (double) SIDE / Math.max(picture.cols(), picture.rows());
    int width = Math.clamp(Math.round(picture.cols() * scale), 1, SIDE);
    int height = Math.clamp(Math.round(picture.rows() * scale), 1, SIDE);
    Mat scaled = mats.add();
    Imgproc.resize(picture, scaled, new Size(width, height), 0, 0, Imgproc.INTER_AREA);
    if (box != null) {
      Imgproc.rectangle(
          scaled,
          new Point(box.left() * (width - 1), box.top() * (height - 1)),
          new Point(box.right() * (width - 1), box.bottom() * (height - 1)),
          OVERLAP,
          2);
    }
    scaled.copyTo(mats.add(sheet.submat(new Rect(left, 0, width, height))));
  }
}
