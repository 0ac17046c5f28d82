package dev.mekiki.launcher.command;

import picocli.CommandLine.IVersionProvider;

/// The version of the jar that this class was read from.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "mekiki " + (version == null ? "(unpackaged)" : version),
      "Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
