package dev.mekiki.schemas.search;

/// Limits that query, index and encoder services share.
public final class SearchLimits {
  /// Largest k of one `PartitionSearch`: an index instance refuses a larger one.
  public static final int MAX_PARTITION_K = 100_000;

  /// Largest number of hits of one search. A search may ask partitions for more: for one more to
  /// see whether there are more, for one more where the image itself is left out, and for twice as
  /// many where images move between partitions.
  public static final int MAX_HITS = 10_000;

  /// Largest number of images that one `Align` lays a query picture over.
  public static final int MAX_ALIGNED = 256;

  private SearchLimits() {}
}
