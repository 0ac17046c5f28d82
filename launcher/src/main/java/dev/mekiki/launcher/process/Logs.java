package dev.mekiki.launcher.process;

import java.nio.file.Path;

/// Where this process logs. To be chosen before anything logs; until then only what a person must
/// act on is written, to standard error.
public final class Logs {
  private static final String CONFIGURATION = "logback.configurationFile";
  private static final String FILE = "mekiki.log.file";

  private Logs() {}

  /// Standard error: a process whose output is collected by what runs it.
  public static void toConsole() {
    System.setProperty(CONFIGURATION, "logback-console.xml");
  }

  /// A file, kept below 5 times 10 MB: a process whose console speaks to a person.
  public static void toFile(Path file) {
    System.setProperty(FILE, file.toString());
    System.setProperty(CONFIGURATION, "logback-file.xml");
  }
}
