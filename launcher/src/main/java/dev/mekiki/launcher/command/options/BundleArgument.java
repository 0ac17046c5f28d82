package dev.mekiki.launcher.command.options;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// The bundle that a user names: a file, or the one that is part of Mekiki.
public final class BundleArgument {
  /// Stands for the bundle that is part of Mekiki; a file of that name is `./built-in`.
  private static final String BUILT_IN = "built-in";

  @Parameters(
      paramLabel = "BUNDLE",
      description =
          "The bundle of the network: a file, or " + BUILT_IN + ", the one that is part of Mekiki.")
  private String name;

  /// Reads the bundle.
  ///
  /// @throws StartException where there is no such file, or it is no bundle, or damaged
  public Bundle read() throws IOException {
    if (name.equals(BUILT_IN)) {
      return Bundle.builtIn();
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw new StartException(
          "bundle: %s: no such file (expected: a bundle that `mekiki train` wrote, or %s)"
              .formatted(name, BUILT_IN));
    }
    try {
      return Bundle.read(file);
    } catch (BundleException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /// As on the command line.
  public String argument() {
    return name;
  }
}
