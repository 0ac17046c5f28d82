package dev.mekiki.launcher.center;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.BundleException;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The bundle that a user names: a file, or the one that is part of Mekiki.
public final class NamedBundle {
  /// Stands for the bundle that is part of Mekiki; a file of that name is `./built-in`.
  public static final String BUILT_IN = "built-in";

  private NamedBundle() {}

  /// Reads a bundle.
  ///
  /// @param name a file, or {@link #BUILT_IN}
  /// @throws StartException where there is no such file, or it is no bundle, or damaged
  public static Bundle read(String name) throws IOException {
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
}
