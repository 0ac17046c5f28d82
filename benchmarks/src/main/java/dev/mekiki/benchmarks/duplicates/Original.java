package dev.mekiki.benchmarks.duplicates;

import java.nio.file.Path;

/// A picture of which copies are made, or another one that must not be taken for a copy.
///
/// @param family what it is like: `photo`, or a {@link DrawnFamily} in lower case
record Original(Path file, String family) {
  static final String PHOTO = "photo";

  static Original photo(Path file) {
    return new Original(file, PHOTO);
  }

  String name() {
    return file.getFileName().toString();
  }
}
