package dev.mekiki.launcher.command.client;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The desktop of the user, if there is one.
///
/// @param environment of the process
/// @param system the name of the operating system
record Desktop(Map<String, String> environment, String system) {
  private static final Pattern PATHS = Pattern.compile(Pattern.quote(File.pathSeparator));

  static Desktop ofThisProcess() {
    return new Desktop(System.getenv(), System.getProperty("os.name", ""));
  }

  /// Opens a page in the browser.
  ///
  /// @return whether there is one; what becomes of it is between it and the user
  boolean open(String url) throws IOException {
    Optional<Path> program = program();
    if (program.isEmpty()) {
      return false;
    }
    ProcessBuilder builder =
        new ProcessBuilder(program.get().toString(), url)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    var _ = builder.start();
    return true;
  }

  private Optional<Path> program() {
    if (system.startsWith("Mac")) {
      return onPath("open");
    }
    return environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY")
        ? onPath("xdg-open")
        : Optional.empty();
  }

  private Optional<Path> onPath(String program) {
    return PATHS
        .splitAsStream(environment.getOrDefault("PATH", ""))
        .flatMap(directory -> directory.isEmpty() ? Stream.empty() : Stream.of(Path.of(directory)))
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
