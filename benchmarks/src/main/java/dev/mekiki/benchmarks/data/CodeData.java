package dev.mekiki.benchmarks.data;

import dev.mekiki.centers.RandomCenters;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// The data of a benchmark.
///
/// @param centers the centers of the buckets
/// @param codes what is indexed
/// @param queries codes that are searched for, or arrive
public record CodeData(CenterTable centers, CodeSet codes, CodeSet queries) {
  /// Centers at the Gilbert-Varshamov distance, one for each class.
  static CenterTable centers(int bits, int classes, long seed) {
    List<HashCode> codes = RandomCenters.generate(bits, classes, seed).codes();
    return new CenterTable(
        bits, codes, IntStream.range(0, classes).mapToObj(i -> "class " + i).toList());
  }

  /// Writes codes, then queries, as raw little-endian longs.
  public void write(Path file) throws IOException {
    CodeFile.write(file, codes, queries);
  }
}
