package dev.mekiki.reliability.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The memory of all processes as Markdown, and their samples as a table of tabs.
public final class MemoryTable {
  private static final double MIB = 1 << 20;

  private MemoryTable() {}

  /// One line a process: each part after the warm-up and at the end, in MiB.
  ///
  /// @param busy share of the machine's processors that was busy
  public static String markdown(List<Growth> growths, double busy) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Memory in MiB, after a third of the time and at the end; %.0f %% of the processors"
                    + " were busy. Native is what is resident beyond heap, JVM and RocksDB.%n%n",
                100 * busy));
    text.append("| process | resident | grew by |");
    List<Part> parts = List.of(Part.HEAP, Part.JVM, Part.ROCKSDB);
    parts.forEach(part -> text.append(' ').append(part.text()).append(" |"));
    text.append(" native |\n|---|---|---|---|---|---|---|\n");
    for (Growth growth : growths) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.1f %% |",
              growth.process(),
              change(growth.before(), growth.after(), Part.RESIDENT),
              100 * growth.share()));
      parts.forEach(part ->
          text.append(' ').append(change(growth.before(), growth.after(), part)).append(" |"));
      text.append(
          growth.before().containsKey(Part.HEAP)
              ? " %s |%n"
                  .formatted(change(nativeBytes(growth.before()), nativeBytes(growth.after())))
              : "  |%n".formatted());
    }
    return text.toString();
  }

  private static long nativeBytes(Map<Part, Long> bytes) {
    return bytes.getOrDefault(Part.RESIDENT, 0L)
        - bytes.getOrDefault(Part.HEAP, 0L)
        - bytes.getOrDefault(Part.JVM, 0L)
        - bytes.getOrDefault(Part.ROCKSDB, 0L);
  }

  private static String change(Map<Part, Long> before, Map<Part, Long> after, Part part) {
    Long was = before.get(part);
    Long is = after.get(part);
    return was == null || is == null ? "" : change(was, is);
  }

  private static String change(long before, long after) {
    return String.format(Locale.ROOT, "%.0f → %.0f", before / MIB, after / MIB);
  }

  /// Writes one line a sample: time, process, and the bytes of each part.
  public static void write(Path file, List<Sample> samples) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Sample sample : samples) {
      StringBuilder line = new StringBuilder(sample.time() + "\t" + sample.process());
      for (Part part : Part.values()) {
        Long bytes = sample.bytes().get(part);
        line.append('\t').append(bytes == null ? "" : bytes);
      }
      lines.add(line.toString());
    }
    Files.write(file, lines);
  }
}
