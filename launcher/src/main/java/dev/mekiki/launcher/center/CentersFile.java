package dev.mekiki.launcher.center;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.mekiki.centers.solve.CenterSolution;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Centers as a CSV file: a header, then `bits,class,center` for each, the class by its number from
/// 0, the center as a code's hexadecimal text.
public final class CentersFile {
  private static final CsvMapper MAPPER = new CsvMapper();
  private static final CsvSchema SCHEMA =
      CsvSchema.builder()
          .addNumberColumn("bits")
          .addNumberColumn("class")
          .addColumn("center")
          .setUseHeader(true)
          .build();

  private CentersFile() {}

  /// Writes the centers of each solution, one after the other.
  public static void write(Path file, List<CenterSolution> solutions) throws IOException {
    try (Writer out = Files.newBufferedWriter(file);
        SequenceWriter rows = MAPPER.writer(SCHEMA).writeValues(out)) {
      for (CenterSolution solution : solutions) {
        for (int i = 0; i < solution.codes().size(); i++) {
          rows.write(List.of(solution.codes().get(i).bits(), i, solution.codes().get(i).toHex()));
        }
      }
    }
  }
}
