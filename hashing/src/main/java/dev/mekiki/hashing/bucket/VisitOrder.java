package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.Bounds;

/// The order in which a search visits shells: by rising lower bound of the distance to any code in
/// them, one level after the other. Level L is every shell whose bound ({@link Bounds#ofShell}) is
/// L. For a bucket at distance D from the query, whose own bound ({@link Bounds#ofBucket}) is B,
/// these are
///
/// - at L = B and L = B + 1: all shells from D - L to D + L that have the parity of D - L,
/// - at higher levels: the two shells D - L and D + L,
///
/// so each shell is visited exactly once. For one thread.
final class VisitOrder {
  private Content content;
  private int[] centerDistances = {};
  private int bits;

  /// Centers by rising bound of their buckets, and these bounds.
  private int[] centers = {};

  private int[] bounds = {};

  @SuppressWarnings("NullAway.Init") // begin() comes first
  VisitOrder() {}

  /// Starts a query.
  ///
  /// @param centerDistances of the query's code to all centers
  /// @param bits q
  void begin(Content content, int[] centerDistances, int bits) {
    this.content = content;
    this.centerDistances = centerDistances;
    this.bits = bits;
    sortBuckets();
  }

  /// A counting sort, since there are few different bounds.
  private void sortBuckets() {
    int nearest = Integer.MAX_VALUE;
    for (int distance : centerDistances) {
      nearest = Math.min(nearest, distance);
    }
    int count = centerDistances.length;
    if (centers.length != count) {
      centers = new int[count];
      bounds = new int[count];
    }
    int[] ends = new int[bits + 2];
    for (int distance : centerDistances) {
      ends[Bounds.ofBucket(distance, nearest) + 1]++;
    }
    for (int bound = 1; bound < ends.length; bound++) {
      ends[bound] += ends[bound - 1];
    }
    for (int center = 0; center < count; center++) {
      int bound = Bounds.ofBucket(centerDistances[center], nearest);
      int at = ends[bound]++;
      centers[at] = center;
      bounds[at] = bound;
    }
  }

  /// Visits the shells of the nearest bucket up to a distance from the query's own shell.
  void visitNearest(int distance, Visitor visitor) {
    Bucket bucket = content.bucket(centers[0]);
    if (bucket == null) {
      return;
    }
    int own = centerDistances[centers[0]];
    int last = Math.min(own + distance, bits);
    for (int at = Math.max(own - distance, 0); at <= last; at++) {
      Shell shell = bucket.shell(at);
      if (shell != null) {
        visitor.visit(shell, centers[0]);
      }
    }
  }

  /// Visits every shell whose bound is the level and that holds a code.
  void visit(int level, Visitor visitor) {
    for (int i = 0; i < centers.length && bounds[i] <= level; i++) {
      int center = centers[i];
      Bucket bucket = content.bucket(center);
      if (bucket == null) {
        continue;
      }
      int distance = centerDistances[center];
      int nearest = bucket.nearestShell;
      int farthest = Math.min(bits, bucket.farthestShell);
      if (level - bounds[i] <= 1) {
        int first = Math.max(distance - level, nearest + ((distance - level - nearest) & 1));
        for (int at = first; at <= Math.min(distance + level, farthest); at += 2) {
          offer(bucket, center, at, visitor);
        }
      } else {
        if (distance - level >= nearest) {
          offer(bucket, center, distance - level, visitor);
        }
        if (distance + level <= farthest) {
          offer(bucket, center, distance + level, visitor);
        }
      }
    }
  }

  private static void offer(Bucket bucket, int center, int at, Visitor visitor) {
    Shell shell = bucket.shell(at);
    if (shell != null && shell.liveCodes > 0) {
      visitor.visit(shell, center);
    }
  }

  /// Takes the shells of a level.
  interface Visitor {
    void visit(Shell shell, int center);
  }
}
