package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.lists.IntList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ranks the visible rows of the codes that a search has found, in {@link Hit#ORDER}: distance by
/// distance, and {@link TieRanking} within one. For one thread.
final class HitRanking {
  private final Expiry expiry;

  /// Links to rows: how far the chain of each code has been read.
  private final IntList chains = new IntList();

  /// Keeps the compiler from removing reads that only fill the cache.
  @SuppressWarnings("UnusedVariable")
  private int sink;

  HitRanking(Expiry expiry) {
    this.expiry = expiry;
  }

  /// The best k, or those ranked before the query expired.
  ///
  /// @param fingerprint words of the query's fingerprint, null if it has none
  /// @param limit largest code distance of a hit
  List<Hit> rank(
      FoundCodes found, VisibleRows visible, long @Nullable [] fingerprint, int k, int limit) {
    List<Hit> hits = new ArrayList<>();
    boolean goesOn = true;
    for (int distance = 0; distance <= limit && hits.size() < k && goesOn; distance++) {
      if (found.isEmptyAt(distance)) {
        continue;
      }
      chains.clear();
      found.addHeads(distance, chains);
      TieRanking ranking = new TieRanking(visible.ids, k - hits.size());
      goesOn = readChains(visible, fingerprint, ranking);
      ranking.flush();
      int codeDistance = distance;
      int first = hits.size();
      ranking.forEach((rank, id) -> hits.add(new Hit(visible.ids.string(id), codeDistance, rank)));
      hits.subList(first, hits.size()).sort(Hit.ORDER);
    }
    return hits;
  }

  /// Adds the rows of all chains. Returns false if the query expired on the way.
  private boolean readChains(
      VisibleRows visible, long @Nullable [] fingerprint, TieRanking ranking) {
    Rows rows = visible.rows;
    boolean goesOn = true;
    // One row of each chain at a time, so that the waits for memory overlap.
    while (chains.size() > 0 && goesOn) {
      int width = chains.size();
      for (int i = 0; i < width; i++) {
        sink += rows.touch(Rows.row(chains.get(i)));
      }
      int kept = 0;
      for (int i = 0; i < width && goesOn; i++) {
        int link = chains.get(i);
        int row = Rows.row(link);
        Columns columns = rows.columns(row);
        int offset = Rows.offset(row);
        if (visible.contains(columns, offset)) {
          add(columns, offset, fingerprint, ranking);
        }
        int next = link < 0 ? Rows.NONE : columns.next(offset);
        if (next != Rows.NONE) {
          chains.set(kept++, next);
        }
        goesOn = expiry.readRow();
      }
      chains.keepFirst(kept);
    }
    return goesOn;
  }

  private static void add(
      Columns columns, int offset, long @Nullable [] fingerprint, TieRanking ranking) {
    int limit = ranking.limit();
    int rank =
        fingerprint == null
            ? Hit.NO_FINGERPRINT
            : columns.fingerprintDistance(offset, fingerprint, limit);
    if (rank <= limit) {
      ranking.add(rank, columns.id(offset));
    }
  }
}
