package dev.mekiki.launcher.command.options;

import picocli.CommandLine.Option;

/// Who decides.
public final class AuthorOption {
  @Option(
      names = "--author",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who says so (default: the name of the user).")
  private String author = "";

  /// The name, never empty unless it was given so.
  public String name() {
    return author;
  }
}
