package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.Bounds;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds the images that an arrival may match, for the writing thread.
///
/// Codes collapse onto centers, so half of a bucket may lie within the radius of an arrival in it,
/// while its fingerprints separate nearly all of them. So each bucket is read in one of three ways,
/// whichever is expected to cost least:
///
/// - *by code*: the codes of the shells within reach, then the rows of those within the radius; for
///   the many buckets that are within reach and hold hardly a hit;
/// - *by fingerprint*: the fingerprints of all rows one after the other, then the codes of those
///   within the radius; for the bucket around the arrival;
/// - *by index*: the {@link FingerprintIndex}, where the bucket has one.
///
/// How many codes of a shell lie within the radius is estimated: a code at distance s from the
/// center differs from the query, at distance D, in s + D - 2o bits, where o, the number of bits in
/// which both differ from the center, is about hypergeometric.
final class CandidateSearch {
  // Nanoseconds as measured on one machine, in structures much larger than its caches; only their
  // ratios matter.
  private static final double CODE_COST = 0.25;
  private static final double ROW_BY_CODE_COST = 15;
  private static final double ROW_IN_SCAN_COST = 0.6;
  private static final double SHELL_COST = 20;

  private final Content content;
  private final int bits;
  private final HammingKernel kernel;
  private final int[] positions = new int[Shell.CHUNK_CODES];
  private final int[] distances = new int[Shell.CHUNK_CODES];
  private final int[] rowsFound = new int[Rows.CHUNK_ROWS];
  private final IntList found = new IntList();

  /// Chance that a code is within the radius, by D and s; -1 where not known yet.
  private float[] chances = {};

  private int chancesOf = -1;

  // The present arrival.
  private long[] code = {};
  private long[] fingerprint = {};
  private int codeRadius;
  private int fingerprintRadius;

  CandidateSearch(Content content, int bits, HammingKernel kernel) {
    this.content = content;
    this.bits = bits;
    this.kernel = kernel;
  }

  void run(
      int[] centerDistances,
      long[] code,
      long[] fingerprint,
      int codeRadius,
      int fingerprintRadius,
      boolean replicas,
      CandidateCollector collector) {
    this.code = code;
    this.fingerprint = fingerprint;
    this.codeRadius = codeRadius;
    this.fingerprintRadius = fingerprintRadius;
    if (chancesOf != codeRadius) {
      chances = new float[(bits + 1) * (bits + 1)];
      Arrays.fill(chances, -1);
      chancesOf = codeRadius;
    }
    int nearest = bits;
    for (int distance : centerDistances) {
      nearest = Math.min(nearest, distance);
    }
    for (int center = 0; center < centerDistances.length; center++) {
      int distance = centerDistances[center];
      if (Bounds.ofBucket(distance, nearest) <= codeRadius) {
        read(content.home(center), distance, nearest, collector);
        if (replicas) {
          read(content.replica(center), distance, nearest, collector);
        }
      }
    }
  }

  void scan(Arrival arrival, CandidateCriteria criteria, CandidateCollector collector) {
    IndexedImage image = arrival.image.image;
    code = image.code().words();
    fingerprint = image.fingerprint().code().words();
    for (int center = 0; center < arrival.centerDistances.length; center++) {
      Bucket bucket = content.home(center);
      if (bucket == null) {
        continue;
      }
      for (Rows.Chunk chunk : bucket.rowChunks) {
        for (int offset = 0; offset < chunk.used; offset++) {
          Rows.Columns rows = chunk.columns;
          if (content.rows.isLive(rows, offset)) {
            int place = content.rows.code(Rows.ref(chunk, offset));
            int codeDistance =
                content.codes.columns(place).distance(content.codes.offset(place), code);
            int fingerprintDistance = rows.fingerprintDistance(offset, fingerprint, 256);
            if (criteria.accept(codeDistance, fingerprintDistance)
                && collector.wants(codeDistance, fingerprintDistance)) {
              collector.collect(
                  new MatchCandidate(
                      content.ids.string(rows.id(offset)), codeDistance, fingerprintDistance));
            }
          }
        }
      }
    }
  }

  private void read(
      @Nullable Bucket bucket, int distance, int nearest, CandidateCollector collector) {
    if (bucket == null || bucket.liveRows == 0) {
      return;
    }
    int first = Math.max(bucket.nearestShell, distance - codeRadius);
    int last = Math.min(bucket.farthestShell, distance + codeRadius);
    double byCode = 0;
    for (int at = first; at <= last; at++) {
      Shell shell = shellWithin(bucket, at, distance, nearest);
      if (shell != null) {
        byCode +=
            SHELL_COST
                + CODE_COST * shell.liveCodes
                + ROW_BY_CODE_COST * shell.liveRows * chance(distance, at);
      }
    }
    if (byCode == 0) {
      return;
    }
    FingerprintIndex index = bucket.fingerprintIndex;
    double byIndex =
        index == null || !index.isReady() || fingerprintRadius > FingerprintIndex.MAX_RADIUS
            ? Double.POSITIVE_INFINITY
            : index.cost();
    double byFingerprint = ROW_IN_SCAN_COST * bucket.usedRows();
    if (index != null && byIndex < Math.min(byCode, byFingerprint)) {
      readByIndex(bucket, index, collector);
    } else if (byFingerprint < byCode) {
      readByFingerprint(bucket, collector);
    } else {
      for (int at = first; at <= last; at++) {
        Shell shell = shellWithin(bucket, at, distance, nearest);
        if (shell != null) {
          readByCode(bucket, shell, collector);
        }
      }
    }
  }

  private @Nullable Shell shellWithin(Bucket bucket, int at, int distance, int nearest) {
    if (Bounds.ofShell(distance, nearest, at) > codeRadius) {
      return null;
    }
    Shell shell = bucket.shell(at);
    return shell == null || shell.liveRows == 0 ? null : shell;
  }

  private void readByCode(Bucket bucket, Shell shell, CandidateCollector collector) {
    for (Shell.Chunk chunk : shell.chunks) {
      Shell.Columns codes = chunk.columns;
      int hits =
          kernel.within(
              codes.codes, codes.capacity(), 0, chunk.size, code, codeRadius, positions, distances);
      for (int i = 0; i < hits; i++) {
        for (int link = codes.head(positions[i]); link != Rows.NONE; ) {
          int row = Rows.row(link);
          Rows.Columns rows = content.rows.columns(row);
          int offset = Rows.offset(row);
          int distance = rows.fingerprintDistance(offset, fingerprint, fingerprintRadius);
          if (distance <= fingerprintRadius && content.rows.isLive(rows, offset)) {
            offer(bucket, rows, offset, distances[i], distance, collector);
          }
          link = link < 0 ? Rows.NONE : rows.next(offset);
        }
      }
    }
  }

  private void readByFingerprint(Bucket bucket, CandidateCollector collector) {
    for (Rows.Chunk chunk : bucket.rowChunks) {
      int hits =
          kernel.pairsWithin(
              chunk.columns.firstHalves, 0, chunk.used, fingerprint, fingerprintRadius, rowsFound);
      for (int i = 0; i < hits; i++) {
        check(bucket, chunk, rowsFound[i], collector);
      }
    }
  }

  private void readByIndex(Bucket bucket, FingerprintIndex index, CandidateCollector collector) {
    found.clear();
    index.search(fingerprint, fingerprintRadius, found);
    for (int i = 0; i < found.size(); i++) {
      int number = found.get(i);
      check(
          bucket, bucket.rowChunks[number / Rows.CHUNK_ROWS], number % Rows.CHUNK_ROWS, collector);
    }
  }

  private void check(Bucket bucket, Rows.Chunk chunk, int offset, CandidateCollector collector) {
    Rows.Columns rows = chunk.columns;
    int fingerprintDistance = rows.fingerprintDistance(offset, fingerprint, fingerprintRadius);
    if (fingerprintDistance > fingerprintRadius || !content.rows.isLive(rows, offset)) {
      return;
    }
    int place = content.rows.code(Rows.ref(chunk, offset));
    int codeDistance = content.codes.columns(place).distance(content.codes.offset(place), code);
    if (codeDistance <= codeRadius) {
      offer(bucket, rows, offset, codeDistance, fingerprintDistance, collector);
    }
  }

  private void offer(
      Bucket bucket,
      Rows.Columns rows,
      int offset,
      int codeDistance,
      int fingerprintDistance,
      CandidateCollector collector) {
    if (collector.wants(bucket.home, codeDistance, fingerprintDistance)) {
      collector.collect(
          new MatchCandidate(
              content.ids.string(rows.id(offset)), bucket.home, codeDistance, fingerprintDistance));
    }
  }

  private double chance(int distance, int shell) {
    int at = distance * (bits + 1) + shell;
    if (chances[at] < 0) {
      chances[at] = (float) estimate(distance, shell);
    }
    return chances[at];
  }

  private double estimate(int distance, int shell) {
    double share = (double) shell / bits;
    double mean = shell + distance - 2 * distance * share;
    double variance = distance * share * (1 - share) * (bits - distance) / Math.max(1, bits - 1);
    double deviation = 2 * Math.sqrt(variance);
    if (deviation == 0) {
      return mean <= codeRadius ? 1 : 0;
    }
    // The normal distribution by its logistic approximation.
    return 1 / (1 + Math.exp(-1.702 * (codeRadius + 0.5 - mean) / deviation));
  }
}
