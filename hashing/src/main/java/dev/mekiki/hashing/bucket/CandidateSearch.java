package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.Bounds;
import dev.mekiki.hashing.lists.IntList;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds the images that an arrival may match, for the writing thread.
///
/// Codes collapse onto centers, so half of a bucket may lie within the radius of an arrival in it,
/// while its fingerprints separate nearly all of them. There are three ways to read, of which those
/// are taken that are expected to cost least:
///
/// - *by code*: the codes of the shells within reach, then the rows of those within the radius; for
///   the many buckets that are within reach and hold hardly a hit;
/// - *by fingerprint*: the fingerprints of all rows of a bucket one after the other, then the codes
///   of those within the radius; for the bucket around the arrival;
/// - *by index*: the {@link FingerprintIndex} of the partition, for all buckets at once. Where
///   every code is within reach this is the only way.
///
/// How many codes of a shell lie within the radius is estimated: a code at distance s from the
/// center differs from the query, at distance D, in s + D - 2o bits, where o, the number of bits in
/// which both differ from the center, is about hypergeometric.
final class CandidateSearch {
  // Nanoseconds as measured on one machine, in structures much larger than its caches; only their
  // ratios matter.
  private static final double CODE_COST = 0.25;
  private static final double ROW_BY_CODE_COST = 15;
  private static final double SHELL_COST = 20;

  private final Content content;
  private final int bits;
  private final HammingKernel kernel;
  private final int[] positions = new int[Shell.CHUNK_CODES];
  private final int[] distances = new int[Shell.CHUNK_CODES];
  private final IntList found = new IntList();

  /// Chance that a code is within the radius, by D and s; -1 where not known yet.
  private float[] chances = {};

  private int chancesOf = -1;

  // The present arrival.
  private long[] code = {};
  private long[] fingerprint = {};
  private int[] centerDistances = {};
  private int nearest;

  CandidateSearch(Content content, int bits, HammingKernel kernel) {
    this.content = content;
    this.bits = bits;
    this.kernel = kernel;
  }

  void run(
      Arrival arrival,
      CandidateCriteria criteria,
      MetadataFilter filter,
      CandidateCollector collector) {
    IndexedImage image = arrival.image.image;
    code = image.code().words();
    fingerprint = image.fingerprint().code().words();
    centerDistances = arrival.centerDistances;
    nearest = nearest(centerDistances);
    int near = Math.min(bits, criteria.nearRadius());
    int codeRadius = Math.min(bits, criteria.codeRadius());
    int fingerprintRadius = criteria.fingerprintRadius();
    Offer offer =
        (row, codeDistance, fingerprintDistance) -> {
          if (accepts(filter, row) && collector.wants(codeDistance, fingerprintDistance)) {
            collector.collect(new MatchCandidate(id(row), codeDistance, fingerprintDistance));
          }
        };
    if (near >= 0) {
      readByCode(near, Fingerprint.BITS, offer);
    }
    if (codeRadius <= near) {
      return;
    }
    Offer others =
        (row, codeDistance, fingerprintDistance) -> {
          if (codeDistance > near) {
            offer.accept(row, codeDistance, fingerprintDistance);
          }
        };
    double byFingerprint = content.fingerprints.cost(fingerprintRadius);
    double byBuckets =
        codeRadius < bits ? costByBuckets(codeRadius, byFingerprint) : Double.POSITIVE_INFINITY;
    if (byBuckets < byFingerprint) {
      if (byBuckets > content.fingerprints.costOfLists()) {
        content.fingerprints.wantLists();
      }
      readByBuckets(codeRadius, fingerprintRadius, others);
    } else {
      found.clear();
      content.fingerprints.search(fingerprint, fingerprintRadius, found);
      check(codeRadius, fingerprintRadius, others);
    }
  }

  private boolean accepts(MetadataFilter filter, int row) {
    return filter.acceptsAll()
        || filter.accepts(
            content.metadata.get(content.rows.columns(row).metadata(Rows.offset(row))));
  }

  private int nearest(int[] distances) {
    int least = bits;
    for (int distance : distances) {
      least = Math.min(least, distance);
    }
    return least;
  }

  /// Offers the rows found by their fingerprints whose codes are within a radius.
  private void check(int codeRadius, int fingerprintRadius, Offer offer) {
    for (int i = 0; i < found.size(); i++) {
      int row = found.get(i);
      Columns rows = content.rows.chunk(row).columns;
      int offset = Rows.offset(row);
      if (content.rows.isLive(rows, offset)) {
        int place = content.rows.code(row);
        int codeDistance = content.codes.columns(place).distance(content.codes.offset(place), code);
        if (codeDistance <= codeRadius) {
          offer.accept(
              row, codeDistance, rows.fingerprintDistance(offset, fingerprint, fingerprintRadius));
        }
      }
    }
  }

  private void readByCode(int codeRadius, int fingerprintRadius, Offer offer) {
    for (int center = 0; center < centerDistances.length; center++) {
      int distance = centerDistances[center];
      if (Bounds.ofBucket(distance, nearest) <= codeRadius) {
        readByCode(content.bucket(center), distance, codeRadius, fingerprintRadius, offer);
      }
    }
  }

  /// Reads each bucket within reach by code or by fingerprint, whichever costs less.
  private void readByBuckets(int codeRadius, int fingerprintRadius, Offer offer) {
    for (int center = 0; center < centerDistances.length; center++) {
      int distance = centerDistances[center];
      Bucket bucket = content.bucket(center);
      if (bucket == null || Bounds.ofBucket(distance, nearest) > codeRadius) {
        continue;
      }
      if (FingerprintIndex.scanCost(bucket) < costByCode(bucket, distance, codeRadius)) {
        found.clear();
        content.fingerprints.search(bucket, fingerprint, fingerprintRadius, found);
        check(codeRadius, fingerprintRadius, offer);
      } else {
        readByCode(bucket, distance, codeRadius, fingerprintRadius, offer);
      }
    }
  }

  /// Expected cost of that, in nanoseconds, summed up until it is more than enough.
  private double costByBuckets(int codeRadius, double enough) {
    if (chancesOf != codeRadius) {
      chances = new float[(bits + 1) * (bits + 1)];
      Arrays.fill(chances, -1);
      chancesOf = codeRadius;
    }
    double cost = 0;
    for (int center = 0; center < centerDistances.length && cost <= enough; center++) {
      int distance = centerDistances[center];
      Bucket bucket = content.bucket(center);
      if (bucket != null && Bounds.ofBucket(distance, nearest) <= codeRadius) {
        cost +=
            Math.min(FingerprintIndex.scanCost(bucket), costByCode(bucket, distance, codeRadius));
      }
    }
    return cost;
  }

  private double costByCode(Bucket bucket, int distance, int codeRadius) {
    double cost = 0;
    int last = Math.min(bucket.farthestShell, distance + codeRadius);
    for (int at = Math.max(bucket.nearestShell, distance - codeRadius); at <= last; at++) {
      Shell shell = shellWithin(bucket, at, distance, codeRadius);
      if (shell != null) {
        cost +=
            SHELL_COST
                + CODE_COST * shell.liveCodes
                + ROW_BY_CODE_COST * shell.liveRows * chance(distance, at);
      }
    }
    return cost;
  }

  private @Nullable Shell shellWithin(Bucket bucket, int at, int distance, int codeRadius) {
    if (Bounds.ofShell(distance, nearest, at) > codeRadius) {
      return null;
    }
    Shell shell = bucket.shell(at);
    return shell == null || shell.liveRows == 0 ? null : shell;
  }

  private void readByCode(
      @Nullable Bucket bucket, int distance, int codeRadius, int fingerprintRadius, Offer offer) {
    if (bucket == null || bucket.liveRows.get() == 0) {
      return;
    }
    int last = Math.min(bucket.farthestShell, distance + codeRadius);
    for (int at = Math.max(bucket.nearestShell, distance - codeRadius); at <= last; at++) {
      Shell shell = shellWithin(bucket, at, distance, codeRadius);
      if (shell != null) {
        readByCode(shell, codeRadius, fingerprintRadius, offer);
      }
    }
  }

  private void readByCode(Shell shell, int codeRadius, int fingerprintRadius, Offer offer) {
    for (Shell.Chunk chunk : shell.chunks) {
      Shell.Columns codes = chunk.columns;
      int hits =
          kernel.within(
              codes.codes, codes.capacity(), 0, chunk.size, code, codeRadius, positions, distances);
      for (int i = 0; i < hits; i++) {
        for (int link = codes.head(positions[i]); link != Rows.NONE; ) {
          int row = Rows.row(link);
          Columns rows = content.rows.columns(row);
          int offset = Rows.offset(row);
          int distance = rows.fingerprintDistance(offset, fingerprint, fingerprintRadius);
          if (distance <= fingerprintRadius && content.rows.isLive(rows, offset)) {
            offer.accept(row, distances[i], distance);
          }
          link = link < 0 ? Rows.NONE : rows.next(offset);
        }
      }
    }
  }

  private String id(int row) {
    return content.ids.string(content.rows.id(row));
  }

  /// Takes a live row that meets the criteria.
  private interface Offer {
    void accept(int row, int codeDistance, int fingerprintDistance);
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
      return mean <= chancesOf ? 1 : 0;
    }
    // The normal distribution by its logistic approximation.
    return 1 / (1 + Math.exp(-1.702 * (chancesOf + 0.5 - mean) / deviation));
  }
}
