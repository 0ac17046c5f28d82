package dev.mekiki.launcher.center;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The similarity of classes as a CSV file: C lines of C numbers, without a header.
public final class SimilarityFile {
  private static final ObjectReader ROWS =
      new CsvMapper()
          .readerForArrayOf(String.class)
          .with(CsvParser.Feature.WRAP_AS_ARRAY)
          .with(CsvParser.Feature.TRIM_SPACES)
          .with(CsvParser.Feature.SKIP_EMPTY_LINES);

  private SimilarityFile() {}

  /// Reads a file.
  ///
  /// @throws NoSuchFileException where there is none
  /// @throws StartException where what it holds is not a similarity: names line or entry
  public static ClassSimilarity read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isDirectory(file)) {
      throw new StartException(
          "%s: a directory (expected: a CSV file of C lines of C numbers)".formatted(file));
    }
    try {
      return ClassSimilarity.of(rows(file));
    } catch (IllegalArgumentException e) {
      throw new StartException("%s: %s".formatted(file, e.getMessage()), e);
    } catch (JsonProcessingException e) {
      throw new StartException(
          "%s: %s (expected: CSV, C lines of C numbers)".formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  private static float[][] rows(Path file) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try (MappingIterator<String[]> lines = ROWS.readValues(file.toFile())) {
      while (lines.hasNextValue()) {
        rows.add(row(rows.size(), lines.nextValue()));
      }
    }
    return rows.toArray(float[][]::new);
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
