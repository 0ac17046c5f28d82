package dev.mekiki.training.evaluation;

import dev.mekiki.centers.CodeSpread;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import java.util.stream.IntStream;

/// What codes cost an index that places and searches them as the product does.
///
/// @param radius match radius, in proportion to 8 at 64 bits
/// @param spread of the database over buckets and partitions
/// @param codeBytes of the words of an image's code
/// @param partitionsAsked for the nearest images, the mean over queries: those whose bound lies
///   within the distance of the last of them
public record IndexCost(int radius, CodeSpread spread, int codeBytes, double partitionsAsked) {
  /// As many as by default.
  public static final int PARTITIONS = 8;

  /// Images that a search asks for.
  public static final int NEAREST = 10;

  /// Match radius of 64 bits by default.
  private static final int RADIUS = 8;

  /// Queries that are asked, at most: a mean needs no more.
  private static final int QUERIES = 1_000;

  /// The cost of an index of a database.
  ///
  /// @param database at least one code
  /// @param queries at least one code
  public static IndexCost of(CenterTable centers, LabelledCodes database, LabelledCodes queries) {
    Routing routing = Routing.byProximity(centers, PARTITIONS);
    int radius = Math.round((float) RADIUS * centers.bits() / Long.SIZE);
    CodeSpread spread = CodeSpread.of(routing, database.codes(), radius);
    RankedDatabase ranked = new RankedDatabase(database.codes(), database.labels());
    int asked = Math.min(QUERIES, queries.codes().size());
    double partitions =
        IntStream.range(0, asked)
            .parallel()
            .map(i -> partitionsAsked(routing, ranked, queries.codes().get(i)))
            .average()
            .orElseThrow();
    return new IndexCost(
        radius, spread, HashCode.wordCount(centers.bits()) * Long.BYTES, partitions);
  }

  private static int partitionsAsked(Routing routing, RankedDatabase ranked, HashCode query) {
    int[] images = ranked.counts(query);
    int last = 0;
    int nearer = images[0];
    while (nearer < Math.min(NEAREST, ranked.size())) {
      nearer += images[++last];
    }
    int reach = last;
    return (int)
        IntStream.of(routing.partitionBounds(query)).filter(bound -> bound <= reach).count();
  }
}
