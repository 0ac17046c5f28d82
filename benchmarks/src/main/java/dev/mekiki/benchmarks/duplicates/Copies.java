package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.encoding.decode.BadImageException;
import java.io.IOException;
import java.util.List;

/// Edited copies, made one by one: tens of thousands do not fit in memory.
interface Copies {
  /// By copy, the number of the picture that it is made of.
  List<Integer> originals();

  /// The file of a copy; asked for once each.
  ///
  /// @param position in {@link #originals}
  byte[] file(int position) throws IOException, BadImageException;
}
