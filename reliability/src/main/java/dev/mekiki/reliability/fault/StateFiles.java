package dev.mekiki.reliability.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What happens to the state directory of an index instance that does not run.
final class StateFiles {
  private static final Pattern DATABASE_FILE =
      Pattern.compile(".*\\.sst|.*\\.log|MANIFEST-.*|CURRENT");

  private StateFiles() {}

  /// Cuts some of the databases' files in half, at least one.
  ///
  /// @return how many
  static int damage(Path directory, Random random) throws IOException {
    int cut = 0;
    for (Path file : databaseFiles(directory)) {
      if (cut == 0 || random.nextInt(3) == 0) {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
          channel.truncate(channel.size() / 2);
          cut++;
        }
      }
    }
    return cut;
  }

  /// What lies in a directory: the sizes of its files by their names.
  static Map<String, Long> sizes(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  file -> directory.relativize(file).toString(), file -> file.toFile().length()));
    }
  }

  private static List<Path> databaseFiles(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> DATABASE_FILE.matcher(file.getFileName().toString()).matches())
          .filter(file -> file.toFile().length() > 0)
          .sorted()
          .toList();
    }
  }
}
