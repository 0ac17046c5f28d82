package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.encoding.decode.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds copies of the pictures that it knows.
interface Finder extends AutoCloseable {
  /// What decided that a picture was found.
  enum By {
    BYTES,
    FINGERPRINT,
    ALIGNMENT
  }

  /// A picture that was found.
  ///
  /// @param number as it was added
  /// @param overlap null where the whole pictures were compared
  record Found(int number, By by, @Nullable Overlap overlap) {}

  /// What finding cost; means, NaN where it is not known.
  ///
  /// @param extractionMs from an image file, or a decoded picture, to its landmarks
  /// @param lookUpMs of the landmarks of a picture
  /// @param verificationMs of one candidate
  /// @param candidatesPerArrival pictures that landmarks proposed to a copy, its original not
  ///   counted
  /// @param bytesPerImage of the look-up of landmarks
  /// @param arrivalsPerSecond pictures added, from the first to the last that was looked up
  record Costs(
      double extractionMs,
      double lookUpMs,
      double verificationMs,
      double candidatesPerArrival,
      double bytesPerImage,
      double arrivalsPerSecond) {}

  /// Adds pictures, with the next numbers from 0 on.
  ///
  /// @return for each, the others that it was taken for a copy of
  List<List<Found>> addAll(List<Path> pictures, Progress progress)
      throws IOException, BadImageException, InterruptedException;

  /// The pictures that each of some copies is one of. The copies are forgotten.
  ///
  /// @param progress goes on by one for each copy, from where it is
  List<List<Found>> findAll(Copies copies, Progress progress)
      throws IOException, BadImageException, InterruptedException;

  /// What it cost so far.
  Costs costs();

  @Override
  void close() throws IOException;
}
