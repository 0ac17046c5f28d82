package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.scan.HammingKernel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One search of one version of a partition.
///
/// It visits shells level by level ({@link VisitOrder}), compares their codes with the query and
/// notes those within the limit ({@link FoundCodes}). The limit starts at the radius and falls to
/// the k-th distance once k hits are known. After level L everything within L has been found, so
/// the search ends when L passes the limit. {@link HitRanking} then ranks what was found.
///
/// An instance is used again and again, by one thread at a time.
final class ShellSearch {
  /// Codes compared first: while nothing is known every code is a hit.
  private static final int FIRST_TILE = 128;

  /// Shells to either side of the query's own that are prefetched at the start.
  private static final int PREFETCHED_SHELLS = 2;

  private static final int PREFETCHED_TOGETHER = 16;

  private final HammingKernel kernel;
  private final int[] positions = new int[Shell.CHUNK_CODES];
  private final int[] distances = new int[Shell.CHUNK_CODES];
  private final VisitOrder order = new VisitOrder();
  private final PlannedShells planned = new PlannedShells();
  private final VisitOrder.Visitor plan = planned::add;
  private final FoundCodes found = new FoundCodes();
  private final Expiry expiry = new Expiry();
  private final HitRanking ranking = new HitRanking(expiry);

  // Of the present query.
  private PartitionQuery query;
  private VisibleRows visible;
  private long[] code = {};
  private long @Nullable [] fingerprint;
  private int limit;
  private int tile;

  // How much the present query has read.
  private boolean[] bucketTouched = {};
  private int bucketsTouched;
  private int shellsTouched;
  private long codesTouched;

  @SuppressWarnings("NullAway.Init") // begin() comes first
  ShellSearch(HammingKernel kernel) {
    this.kernel = kernel;
  }

  /// Starts a query.
  ///
  /// @param centerDistances of the query's code to all centers
  void begin(Content content, PartitionQuery query, long version, int[] centerDistances) {
    this.query = query;
    code = query.code().words();
    fingerprint = query.fingerprint() == null ? null : query.fingerprint().code().words();
    limit = query.radius();
    tile = FIRST_TILE;
    bucketTouched = new boolean[centerDistances.length];
    bucketsTouched = 0;
    shellsTouched = 0;
    codesTouched = 0;
    int bits = query.code().bits();
    visible = new VisibleRows(content, version, query.filter(), expiry);
    found.begin(visible, query.k(), content.imageCount.get(), bits);
    order.begin(content, centerDistances, bits);
    planned.clear();
    // Nearly every search scans these.
    order.visitNearest(PREFETCHED_SHELLS, plan);
    planned.prefetch(0, planned.size());
    expiry.begin(query.expired());
  }

  /// True if shells of that level may still hold a hit.
  boolean wants(int level) {
    return level <= limit && !expiry.isExpired();
  }

  /// Visits every shell of the level.
  void visit(int level, VisitOrder.Visitor visitor) {
    order.visit(level, visitor);
  }

  /// Scans every shell of the level, for as long as hits are possible.
  void scanLevel(int level) {
    planned.clear();
    order.visit(level, plan);
    for (int i = 0; i < planned.size(); i++) {
      if (i % PREFETCHED_TOGETHER == 0) {
        planned.prefetch(i, Math.min(planned.size(), i + PREFETCHED_TOGETHER));
      }
      if (expiry.isExpired()) {
        return;
      }
      Shell shell = planned.shell(i);
      touch(shell, planned.center(i));
      for (Shell.Chunk chunk : shell.chunks) {
        scan(chunk);
      }
    }
  }

  /// Counts a shell that is about to be scanned.
  void touch(Shell shell, int center) {
    if (!bucketTouched[center]) {
      bucketTouched[center] = true;
      bucketsTouched++;
    }
    shellsTouched++;
    codesTouched += shell.liveCodes;
  }

  /// Compares the codes of a chunk with the query.
  void scan(Shell.Chunk chunk) {
    int size = chunk.size;
    Shell.Columns columns = chunk.columns;
    for (int from = 0; from < size; ) {
      int to = Math.min(size, from + tile);
      int hits =
          kernel.within(
              columns.codes, columns.capacity(), from, to, code, limit, positions, distances);
      if (hits > 0) {
        for (int i = 0; i < hits; i++) {
          found.add(columns, positions[i], distances[i]);
        }
        limit = found.tightened(limit);
      }
      from = to;
      tile = Math.min(2 * tile, Shell.CHUNK_CODES);
    }
    expiry.comparedCodes(size);
  }

  /// Looks up what was found within a level that was visited whole: it is part of the answer, and
  /// may end the search.
  void endLevel(int level) {
    limit = found.verified(Math.min(level, limit), limit);
  }

  /// The answer.
  SearchResult end() {
    List<Hit> hits = ranking.rank(found, visible, fingerprint, query.k(), limit);
    return new SearchResult(hits, !expiry.isExpired(), bucketsTouched, shellsTouched, codesTouched);
  }
}
