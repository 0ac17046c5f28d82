package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.encoding.decode.BadImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
  record Found(int number, By by) {}

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

  /// The pictures that each of some files is a copy of. The files are forgotten.
  ///
  /// @param originals numbers of the pictures that they were made of
  List<List<Found>> findAll(List<byte[]> files, List<Integer> originals)
      throws IOException, BadImageException, InterruptedException;

  /// What it cost so far.
  Costs costs();

  @Override
  void close() throws IOException;
}
