package dev.mekiki.training.tables;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads a CSV file line by line: UTF-8, cells trimmed, empty lines skipped.
final class CsvLines {
  private static final ObjectReader LINES =
      new CsvMapper()
          .readerForArrayOf(String.class)
          .with(CsvParser.Feature.WRAP_AS_ARRAY)
          .with(CsvParser.Feature.TRIM_SPACES)
          .with(CsvParser.Feature.SKIP_EMPTY_LINES);

  private CsvLines() {}

  /// Takes the lines.
  interface Taker {
    /// Called for each line that is not empty.
    ///
    /// @param number of the line in the file, from 1
    /// @throws IllegalArgumentException where its cells are not what they should be
    void line(long number, String[] cells) throws TableException;
  }

  /// Hands all lines over.
  ///
  /// @param maxBytes how large the file may be
  /// @param expected what the file should be, for messages
  /// @throws NoSuchFileException where there is none
  /// @throws TableException where it is a directory, too large or no CSV
  static void read(Path file, long maxBytes, String expected, Taker taker) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isDirectory(file)) {
      throw new TableException("%s: a directory (expected: %s)".formatted(file, expected));
    }
    if (Files.size(file) > maxBytes) {
      throw new TableException(
          "%s: %,d bytes (expected: at most %,d); use fewer classes or digits"
              .formatted(file, Files.size(file), maxBytes));
    }
    try (MappingIterator<String[]> lines = LINES.readValues(file.toFile())) {
      while (lines.hasNextValue()) {
        long number = lines.getParser().currentLocation().getLineNr();
        taker.line(number, lines.nextValue());
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new TableException(
          "%s%s: %s (expected: %s)"
              .formatted(
                  file,
                  at == null ? "" : ", line " + at.getLineNr(),
                  e.getOriginalMessage(),
                  expected),
          e);
    } catch (CharConversionException e) {
      throw new TableException(
          "%s: %s (expected: UTF-8); save it as UTF-8".formatted(file, e.getMessage()), e);
    }
  }
}
