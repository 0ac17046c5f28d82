package dev.mekiki.launcher.command.training;

import static java.util.Objects.requireNonNull;

import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.launcher.command.options.Directories;
import dev.mekiki.training.data.Cifar100;
import dev.mekiki.training.data.ImageFolder;
import dev.mekiki.training.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where pictures of known classes come from: one of the two, an argument group.
final class LabelledSource {
  /// Of a user's own pictures, what is measured with rather than learnt from.
  private static final double TEST_SHARE = 0.1;

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

  /// Reads the pictures to learn from and those to measure with.
  ///
  /// @param preprocessing of the network that will see them
  /// @param seed by which a tenth of the user's own is held out
  /// @throws dev.mekiki.runtime.StartException where there is no such directory
  LabelledImages.Split read(Preprocessing preprocessing, long seed) throws IOException {
    Path directory = existing();
    return isCifar()
        ? Cifar100.read(directory)
        : ImageFolder.read(directory, preprocessing).split(TEST_SHARE, seed);
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
