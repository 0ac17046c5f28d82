package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.Bounds;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A partition's images as buckets of shells of distinct codes of rows, each shell scanned code by
/// code.
///
/// A search sorts the shells by their lower bound ({@link Bounds}) and visits them in that order
/// until the bound passes the radius or, once k hits are known, the k-th distance. A shell whose
/// bound equals the k-th distance is still visited: it may hold a tie that fingerprint or id ranks
/// before the k-th hit. Equal codes are kept once, so a collapsed class costs one comparison for
/// its code and one scan of its packed fingerprints.
///
/// Put and remove take constant time, apart from the distances to the centers. One read-write lock
/// guards the whole structure: a reader sees a put or remove entirely or not at all, and a writer
/// waits for the searches under way, whose length the caller bounds by {@link SearchQuery#expired}.
public final class PartitionIndex {
  /// Rows and codes read between two questions whether the query has expired.
  private static final int EXPIRY_STRIDE = 1024;

  private final CenterTable centers;
  private final Map<String, Row> rows = new HashMap<>();
  private final Bucket[] buckets;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private int homeImages;

  /// An empty structure.
  ///
  /// @param centers the center table that cuts the code space, of the whole generation and not only
  ///   of this partition: the center bound rests on a query's nearest center among all
  public PartitionIndex(CenterTable centers) {
    this.centers = centers;
    this.buckets = new Bucket[centers.size()];
    for (int center = 0; center < buckets.length; center++) {
      buckets[center] = new Bucket();
    }
  }

  /// Adds an image, or replaces the one of the same id.
  public void put(IndexedImage image) {
    checkBits(image.code());
    CenterTable.Cell cell = centers.cell(image.code());
    write(() -> {
      removeRow(image.id());
      Shell shell = buckets[cell.center()].shells.computeIfAbsent(cell.shell(), _ -> new Shell());
      DistinctCode code =
          shell.codes.computeIfAbsent(
              image.code(), hashCode -> new DistinctCode(hashCode, cell, shell));
      Row row = new Row(image.id(), image.metadata(), code);
      rows.put(image.id(), row);
      code.add(row, image.fingerprint().code(), image.home());
      if (image.home()) {
        shell.homeRows++;
        homeImages++;
      }
    });
  }

  /// Removes the image of that id, if there is one.
  public void remove(String id) {
    write(() -> removeRow(id));
  }

  /// Removes everything.
  public void clear() {
    write(() -> {
      rows.clear();
      for (Bucket bucket : buckets) {
        bucket.shells.clear();
      }
      homeImages = 0;
    });
  }

  /// The nearest home images, in {@link Hit#ORDER}.
  ///
  /// @throws IllegalArgumentException where the code has another number of bits than the structure
  public SearchResult search(SearchQuery query) {
    checkBits(query.code());
    return read(() -> new Search(query).run());
  }

  /// The answers of {@link #search} to several queries, in their order, with scans shared where
  /// that pays.
  public List<SearchResult> search(List<SearchQuery> queries) {
    return queries.stream().map(this::search).toList();
  }

  /// Every image, home or replica, within both radii of a code and fingerprint; in no order. For
  /// the writing thread alone.
  ///
  /// @param codeRadius 0 to q
  /// @param fingerprintRadius 0 to 256; 256 leaves the fingerprint out of account
  public List<MatchCandidate> candidates(
      HashCode code, Fingerprint fingerprint, int codeRadius, int fingerprintRadius) {
    checkBits(code);
    checkRadius("codeRadius", codeRadius, centers.bits());
    checkRadius("fingerprintRadius", fingerprintRadius, Fingerprint.BITS);
    return read(() -> findCandidates(code, fingerprint, codeRadius, fingerprintRadius));
  }

  /// Number of home images.
  public int homeImages() {
    return read(() -> homeImages);
  }

  /// Number of all images, boundary replicas included.
  public int images() {
    return read(rows::size);
  }

  /// Bytes of heap held, estimated.
  public long bytes() {
    return 300L * images();
  }

  private void removeRow(String id) {
    Row row = rows.remove(id);
    if (row == null) {
      return;
    }
    DistinctCode code = row.code;
    Shell shell = code.shell;
    if (code.isHome(row)) {
      shell.homeRows--;
      homeImages--;
    }
    code.remove(row);
    if (code.size == 0) {
      shell.codes.remove(code.hashCode);
      if (shell.codes.isEmpty()) {
        buckets[code.cell.center()].shells.remove(code.cell.shell());
      }
    }
  }

  private List<MatchCandidate> findCandidates(
      HashCode code, Fingerprint fingerprint, int codeRadius, int fingerprintRadius) {
    int[] distances = centers.distances(code);
    int nearest = CenterTable.cell(distances).shell();
    long[] fingerprintWords = fingerprint.code().words();
    List<MatchCandidate> candidates = new ArrayList<>();
    for (int center = 0; center < buckets.length; center++) {
      if (Bounds.ofBucket(distances[center], nearest) > codeRadius) {
        continue;
      }
      for (Map.Entry<Integer, Shell> shell : buckets[center].shells.entrySet()) {
        if (Bounds.ofShell(distances[center], nearest, shell.getKey()) > codeRadius) {
          continue;
        }
        for (DistinctCode distinct : shell.getValue().codes.values()) {
          int codeDistance = code.distance(distinct.hashCode);
          if (codeDistance > codeRadius) {
            continue;
          }
          for (int position = 0; position < distinct.size; position++) {
            int distance = distinct.fingerprintDistance(position, fingerprintWords);
            if (distance <= fingerprintRadius) {
              candidates.add(
                  new MatchCandidate(
                      distinct.rows[position].id,
                      position < distinct.homeRows,
                      codeDistance,
                      distance));
            }
          }
        }
      }
    }
    return candidates;
  }

  private void checkBits(HashCode code) {
    if (code.bits() != centers.bits()) {
      throw new IllegalArgumentException(
          "code: %d bits (expected: %d)".formatted(code.bits(), centers.bits()));
    }
  }

  private static void checkRadius(String name, int radius, int largest) {
    if (radius < 0 || radius > largest) {
      throw new IllegalArgumentException(
          "%s: %d (expected: 0..%d)".formatted(name, radius, largest));
    }
  }

  private void write(Runnable change) {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private <T> T read(Supplier<T> reading) {
    lock.readLock().lock();
    try {
      return reading.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /// One search under the read lock.
  private final class Search {
    private final SearchQuery query;
    private final long @Nullable [] fingerprint;
    // The worst of the hits kept so far comes first, to be replaced by a better one.
    private final PriorityQueue<Hit> hits = new PriorityQueue<>(Hit.ORDER.reversed());
    private final BitSet bucketsTouched = new BitSet();
    private int shellsTouched;
    private long codesTouched;
    private int untilExpiryCheck = EXPIRY_STRIDE;

    Search(SearchQuery query) {
      this.query = query;
      this.fingerprint = query.fingerprint() == null ? null : query.fingerprint().code().words();
    }

    SearchResult run() {
      boolean complete = true;
      for (Visit visit : visits()) {
        if (visit.bound > limit()) {
          break;
        }
        if (query.expired().getAsBoolean()) {
          complete = false;
          break;
        }
        bucketsTouched.set(visit.center);
        shellsTouched++;
        if (!scan(visit.shell)) {
          complete = false;
          break;
        }
      }
      List<Hit> ordered = new ArrayList<>(hits);
      ordered.sort(Hit.ORDER);
      return new SearchResult(
          ordered, complete, bucketsTouched.cardinality(), shellsTouched, codesTouched);
    }

    /// Every shell with a home row within the radius' reach, by rising bound.
    private List<Visit> visits() {
      int[] distances = centers.distances(query.code());
      int nearest = CenterTable.cell(distances).shell();
      List<Visit> visits = new ArrayList<>();
      for (int center = 0; center < buckets.length; center++) {
        if (Bounds.ofBucket(distances[center], nearest) > query.radius()) {
          continue;
        }
        for (Map.Entry<Integer, Shell> entry : buckets[center].shells.entrySet()) {
          int bound = Bounds.ofShell(distances[center], nearest, entry.getKey());
          if (bound <= query.radius() && entry.getValue().homeRows > 0) {
            visits.add(new Visit(bound, center, entry.getValue()));
          }
        }
      }
      visits.sort((a, b) -> Integer.compare(a.bound, b.bound));
      return visits;
    }

    /// The largest code distance that can still become a hit.
    private int limit() {
      Hit worst = hits.peek();
      return worst == null || hits.size() < query.k() ? query.radius() : worst.codeDistance();
    }

    /// False where the query expired on the way.
    private boolean scan(Shell shell) {
      for (DistinctCode code : shell.codes.values()) {
        if (code.homeRows == 0) {
          continue;
        }
        if (expired()) {
          return false;
        }
        codesTouched++;
        int codeDistance = query.code().distance(code.hashCode);
        if (codeDistance > limit()) {
          continue;
        }
        for (int position = 0; position < code.homeRows; position++) {
          if (expired()) {
            return false;
          }
          if (!query.filter().accepts(code.rows[position].metadata)) {
            continue;
          }
          int fingerprintDistance =
              fingerprint == null
                  ? Hit.NO_FINGERPRINT
                  : code.fingerprintDistance(position, fingerprint);
          offer(codeDistance, fingerprintDistance, code.rows[position].id);
        }
      }
      return true;
    }

    private void offer(int codeDistance, int fingerprintDistance, String id) {
      Hit worst = hits.peek();
      if (worst == null || hits.size() < query.k()) {
        hits.add(new Hit(id, codeDistance, fingerprintDistance));
        return;
      }
      // A hot code offers very many rows: most are refused before a hit is made of them.
      int order = Integer.compare(codeDistance, worst.codeDistance());
      if (order == 0) {
        order = Integer.compare(fingerprintDistance, worst.fingerprintDistance());
      }
      if (order == 0) {
        order = IdOrder.COMPARATOR.compare(id, worst.id());
      }
      if (order < 0) {
        hits.poll();
        hits.add(new Hit(id, codeDistance, fingerprintDistance));
      }
    }

    private boolean expired() {
      if (--untilExpiryCheck > 0) {
        return false;
      }
      untilExpiryCheck = EXPIRY_STRIDE;
      BooleanSupplier expired = query.expired();
      return expired.getAsBoolean();
    }
  }

  private record Visit(int bound, int center, Shell shell) {}

  private static final class Bucket {
    final Map<Integer, Shell> shells = new HashMap<>();
  }

  private static final class Shell {
    final Map<HashCode, DistinctCode> codes = new HashMap<>();
    int homeRows;
  }

  private static final class Row {
    final String id;
    final Map<String, String> metadata;
    final DistinctCode code;
    int position;

    Row(String id, Map<String, String> metadata, DistinctCode code) {
      this.id = id;
      this.metadata = metadata;
      this.code = code;
    }
  }

  /// One code and its images: home rows first, then replicas, so that a search scans one run.
  private static final class DistinctCode {
    private static final int WORDS = Fingerprint.BITS / Long.SIZE;

    final HashCode hashCode;
    final CenterTable.Cell cell;
    final Shell shell;
    Row[] rows = new Row[1];

    /// Row-major, {@link #WORDS} longs for each of `rows`.
    long[] fingerprints = new long[WORDS];

    int size;
    int homeRows;

    DistinctCode(HashCode hashCode, CenterTable.Cell cell, Shell shell) {
      this.hashCode = hashCode;
      this.cell = cell;
      this.shell = shell;
    }

    boolean isHome(Row row) {
      return row.position < homeRows;
    }

    void add(Row row, HashCode fingerprint, boolean home) {
      if (size == rows.length) {
        // One row is the common case; a code that has several gets room for more.
        rows = Arrays.copyOf(rows, Math.max(4, size + size / 2));
        fingerprints = Arrays.copyOf(fingerprints, rows.length * WORDS);
      }
      int position = size++;
      if (home) {
        move(homeRows, position);
        position = homeRows++;
      }
      rows[position] = row;
      row.position = position;
      for (int word = 0; word < WORDS; word++) {
        fingerprints[position * WORDS + word] = fingerprint.word(word);
      }
    }

    @SuppressWarnings("NullAway") // slots from size on are empty
    void remove(Row row) {
      int hole = row.position;
      if (hole < homeRows) {
        homeRows--;
        move(homeRows, hole);
        hole = homeRows;
      }
      size--;
      move(size, hole);
      rows[size] = null;
    }

    private void move(int from, int to) {
      if (from == to) {
        return;
      }
      rows[to] = rows[from];
      rows[to].position = to;
      System.arraycopy(fingerprints, from * WORDS, fingerprints, to * WORDS, WORDS);
    }

    int fingerprintDistance(int position, long[] other) {
      int distance = 0;
      for (int word = 0; word < WORDS; word++) {
        distance += Long.bitCount(fingerprints[position * WORDS + word] ^ other[word]);
      }
      return distance;
    }
  }
}
