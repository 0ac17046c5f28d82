package dev.mekiki.training.evaluation;

import dev.mekiki.training.data.Cifar100;
import dev.mekiki.training.data.ImageFolder;
import dev.mekiki.training.data.ImageFolder.ClassFiles;
import dev.mekiki.training.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Pictures of known classes, some of which ask for the others.
///
/// @param description what they are and where they come from
/// @param classNames by class id
/// @param files all of them, pictures or not
/// @param labels class id of each; not copied
/// @param division which are the queries
@SuppressWarnings("ArrayRecordComponent") // a data set, never compared
public record LabelledPictures(
    String description,
    List<String> classNames,
    List<PictureFile> files,
    int[] labels,
    Division division) {
  public LabelledPictures {
    classNames = List.copyOf(classNames);
    files = List.copyOf(files);
    if (files.size() != labels.length) {
      throw new IllegalArgumentException(
          "labels: %d (expected: %d, one for each file)".formatted(labels.length, files.size()));
    }
  }

  /// Which pictures are queries; all others are the database.
  public sealed interface Division {
    /// Those of position `first` and later.
    ///
    /// @param first at least 1
    record From(int first) implements Division {}

    /// A share of each class, as training holds it out with the same seed.
    ///
    /// @param share above 0 and below 1
    record HeldOut(double share, long seed) implements Division {}
  }

  /// CIFAR-100: its test pictures are queries against its training pictures, in the order of its
  /// files. Each is a PNG, so that it goes through the same decoder as any file.
  ///
  /// @throws IOException where the files are missing or cut short
  public static LabelledPictures cifar100(Path directory) throws IOException {
    LabelledImages.Split images = Cifar100.read(directory);
    LabelledImages training = images.training();
    LabelledImages test = images.test();
    return new LabelledPictures(
        "CIFAR-100, test.bin against train.bin",
        training.classNames(),
        Stream.concat(
                PictureFile.of("train", training).stream(), PictureFile.of("test", test).stream())
            .toList(),
        IntStream.concat(IntStream.of(training.labels()), IntStream.of(test.labels())).toArray(),
        new Division.From(training.size()));
  }

  /// A directory with one directory of pictures for each class, of which a share is held out as
  /// queries.
  ///
  /// @throws IOException where it cannot be read, or has fewer than two classes
  public static LabelledPictures folder(Path directory, Division.HeldOut heldOut)
      throws IOException {
    List<String> names = new ArrayList<>();
    List<PictureFile> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (ClassFiles one : ImageFolder.classes(directory)) {
      for (Path file : one.files()) {
        files.add(PictureFile.of(directory, file));
        labels.add(names.size());
      }
      names.add(one.name());
    }
    return new LabelledPictures(
        "pictures in " + directory.getFileName(),
        names,
        files,
        labels.stream().mapToInt(Integer::intValue).toArray(),
        heldOut);
  }
}
