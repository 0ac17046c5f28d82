package dev.mekiki.hashing.scan;

/// Compares one query with many packed codes.
///
/// Codes of w words lie as a structure of arrays: word j of code i is at `codes[j * stride + i]`,
/// so that neighbouring codes fill a vector. For codes of up to 64 bits that is simply `codes[i]`.
/// Bits past q are 0 in codes and query alike. All methods allocate nothing and are thread-safe.
///
/// {@link #chosen} is picked once: the vector kernel, as soon as it is compiled, where the module
/// `jdk.incubator.vector` is there, else the scalar one; the system property `mekiki.kernel`
/// (`vector` or `scalar`) forces one. Both find the same, each in an order of its own.
public sealed interface HammingKernel permits ScalarKernel, VectorKernel, WarmingKernel {
  /// The kernel of this process.
  static HammingKernel chosen() {
    return KernelChoice.CHOSEN;
  }

  /// The codes within a distance of the query, in no order.
  ///
  /// @param codes packed codes
  /// @param stride distance between two words of one code; any value for one word
  /// @param from first position
  /// @param to position after the last
  /// @param query as many words as each code has, 1 to 4
  /// @param limit largest distance of a code that is reported, inclusive
  /// @param positions takes the positions found, at least `to - from` long
  /// @param distances takes their distances, at least `to - from` long
  /// @return how many were found
  int within(
      long[] codes,
      int stride,
      int from,
      int to,
      long[] query,
      int limit,
      int[] positions,
      int[] distances);

  /// Number of queries that {@link #withinAny} compares at once.
  int QUERIES = 4;

  /// The codes of one word that lie within a distance of at least one of four queries, by ascending
  /// position. Each code is loaded once for all four.
  ///
  /// @param codes packed codes of up to 64 bits
  /// @param from first position
  /// @param to position after the last
  /// @param queries four words
  /// @param limit largest distance of a code that is reported, inclusive
  /// @param positions takes the positions found, at least `to - from` long
  /// @return how many were found
  int withinAny(long[] codes, int from, int to, long[] queries, int limit, int[] positions);

  /// The rows of two words each that lie within a distance of the first two words of the query, in
  /// no order.
  ///
  /// @param pairs row r at `2 * r` and `2 * r + 1`
  /// @param from first row
  /// @param to row after the last
  /// @param query at least 2 words
  /// @param limit largest distance of a row that is reported, inclusive
  /// @param found takes the rows, at least `to - from` long
  /// @return how many were found
  int pairsWithin(long[] pairs, int from, int to, long[] query, int limit, int[] found);

  /// The ints that differ from a wanted one in few of some bits, in no order.
  ///
  /// @param ints any
  /// @param from first position
  /// @param to position after the last
  /// @param wanted compared with each
  /// @param mask 1 where bits count
  /// @param limit largest number of such bits in which an int that is reported differs, inclusive
  /// @param positions takes the positions found, at least `to - from` long
  /// @return how many were found
  int intsWithin(int[] ints, int from, int to, int wanted, int mask, int limit, int[] positions);

  /// The sum of all words: what a read of the array costs when almost nothing is computed, the
  /// reference that scans are compared with.
  long sum(long[] words);

  /// `vector` with its width in bits, or `scalar`.
  String description();
}
