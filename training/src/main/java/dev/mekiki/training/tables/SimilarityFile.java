package dev.mekiki.training.tables;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import dev.mekiki.centers.solve.ClassSimilarity;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The similarity of classes as a CSV file: C lines of C numbers, without a header.
public final class SimilarityFile {
  /// Of the classes: a table of so many is 400 MB in memory.
  public static final int MAX_CLASSES = 10_000;

  /// A number and its comma take at most so many, as {@link #write} writes it.
  private static final long MAX_BYTES = 32L * MAX_CLASSES * MAX_CLASSES;

  private static final String EXPECTED = "CSV, C lines of C numbers";

  private SimilarityFile() {}

  /// Reads a file.
  ///
  /// @throws NoSuchFileException where there is none
  /// @throws TableException where what it holds is not a similarity: names line or entry
  public static ClassSimilarity read(Path file) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try {
      CsvLines.read(
          file,
          MAX_BYTES,
          EXPECTED,
          (number, cells) -> {
            if (rows.size() == MAX_CLASSES || cells.length > MAX_CLASSES) {
              throw new IllegalArgumentException(
                  "line %d: more than %,d classes (expected: at most that); use fewer"
                      .formatted(number, MAX_CLASSES));
            }
            rows.add(row(rows.size(), cells));
          });
      return ClassSimilarity.of(rows.toArray(float[][]::new));
    } catch (IllegalArgumentException e) {
      throw new TableException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Writes a file that {@link #read} gives back bit by bit.
  public static void write(Path file, ClassSimilarity similarity) throws IOException {
    CsvMapper mapper = new CsvMapper();
    try (Writer out = Files.newBufferedWriter(file);
        SequenceWriter rows =
            mapper.writer(mapper.schema().withLineSeparator("\n")).writeValues(out)) {
      float[] row = new float[similarity.classes()];
      for (int i = 0; i < row.length; i++) {
        for (int j = 0; j < row.length; j++) {
          row[j] = similarity.of(i, j);
        }
        rows.write(row);
      }
    }
  }

  private static float[] row(int i, String[] cells) {
    float[] row = new float[cells.length];
    for (int j = 0; j < cells.length; j++) {
      try {
        row[j] = Float.parseFloat(cells[j]);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "similarity[%d][%d]: '%s' (expected: a number, -1 to 1)".formatted(i, j, cells[j]), e);
      }
    }
    return row;
  }
}
