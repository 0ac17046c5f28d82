package dev.mekiki.launcher.command;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where pictures of known classes come from: one of the two, an argument group.
final class LabelledSource {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "CIFAR-100: the directory with train.bin and test.bin, or these with .gz.")
  private @Nullable Path data;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      required = true,
      description = "Your own: a directory with one directory of pictures for each class.")
  private @Nullable Path images;

  boolean isCifar() {
    return images == null;
  }

  /// The directory named.
  ///
  /// @throws dev.mekiki.runtime.StartException where it is none
  Path existing() {
    return Directories.existing(
        option(),
        directory(),
        isCifar() ? "train.bin and test.bin" : "a directory of pictures for each class");
  }

  /// As on the command line.
  String argument() {
    return "%s %s".formatted(option(), directory());
  }

  private String option() {
    return isCifar() ? "--data" : "--images";
  }

  private Path directory() {
    return requireNonNull(isCifar() ? data : images, "one of --data and --images");
  }
}
