package dev.mekiki.launcher.command.policy;

import picocli.CommandLine.Option;

/// Who decides.
final class AuthorOption {
  @Option(
      names = "--author",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who says so (default: the name of the user).")
  private String author = "";

  String name() {
    return author;
  }
}
