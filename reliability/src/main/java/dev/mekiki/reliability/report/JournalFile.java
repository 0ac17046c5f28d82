package dev.mekiki.reliability.report;

import dev.mekiki.reliability.load.Entry;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What became of each operation, as tab-separated text: to look into what the oracle finds.
public final class JournalFile {
  private static final String HEAD =
      "number\tkind\tid\tlane\tfrom\tto\toutcome\thits\tmissing\tstandby\terror";
  private static final int LONGEST_ERROR = 300;

  private JournalFile() {}

  /// Writes a line for each operation, in the order in which outcomes were known.
  public static void write(Path file, List<Entry> journal) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    journal.forEach(entry -> lines.add(line(entry)));
    Files.write(file, lines);
  }

  private static String line(Entry entry) {
    SearchResponse answer = entry.answer();
    String error = entry.error().replaceAll("\\s+", " ");
    return String.join(
        "\t",
        Integer.toString(entry.operation().number()),
        entry.operation().kind().name(),
        entry.operation().id(),
        Integer.toString(entry.operation().lane()),
        entry.from().toString(),
        entry.to().toString(),
        entry.outcome().name(),
        answer == null ? "" : Integer.toString(answer.getHitsCount()),
        answer == null ? "" : answer.getMissingPartitionsList().toString(),
        answer == null ? "" : standby(answer.getStandbyList()),
        error.substring(0, Math.min(LONGEST_ERROR, error.length())));
  }

  private static String standby(List<StandbyAnswer> answers) {
    return answers.stream()
        .map(standby -> standby.getPartition() + ":" + standby.getLag())
        .collect(Collectors.joining(","));
  }
}
