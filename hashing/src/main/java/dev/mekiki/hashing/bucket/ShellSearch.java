package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.Bounds;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.scan.HammingKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One search of one version of a partition.
///
/// Shells are visited by rising lower bound, one level after the other: at level L every shell
/// whose bound ({@link Bounds#ofShell}) is L. For a bucket that is at distance D from the query and
/// whose own bound ({@link Bounds#ofBucket}) is B, these are
///
/// - at L = B and L = B + 1 all shells from D - L to D + L of L's parity with D,
/// - at higher levels the two shells D - L and D + L,
///
/// so that no shell is looked at in vain. After level L everything within L has been found; the
/// search ends when that is k images, or L is the radius.
///
/// ## What a scan finds
///
/// The codes of a bucket lie close together, so while little is known a scan finds thousands that
/// the end will not need. They are only noted, by distance; whether a code has an image that this
/// version shows and the filter accepts is looked up as late as can be: when that many codes are
/// known within a distance that the limit may fall to it.
///
/// An instance is used again and again, by one thread at a time.
final class ShellSearch {
  /// Codes compared, or rows read, between two questions whether the query has expired.
  private static final int EXPIRY_CODES = 16 * Shell.CHUNK_CODES;

  private static final int EXPIRY_ROWS = 1024;

  /// While hardly anything is known, every code is a hit; so a search begins with few.
  private static final int FIRST_TILE = 128;

  /// Shells to either side of the query's own that are fetched at the start.
  private static final int FETCHED_SHELLS = 2;

  private static final int FETCHED_TOGETHER = 16;

  /// Codes whose rows are looked up together.
  private static final int TOGETHER = 64;

  private static final int NONE = -1;

  private final HammingKernel kernel;
  private final int[] positions = new int[Shell.CHUNK_CODES];
  private final int[] distances = new int[Shell.CHUNK_CODES];

  // Everything from here on is of the present query.
  private Content content;
  private PartitionQuery query;
  private long version;
  private long[] code = {};
  private long @Nullable [] fingerprint;
  private int[] centerDistances = {};
  private int limit;
  private int tile;
  private boolean complete;

  /// True where k is more than there is: the limit will not fall.
  private boolean wantsAll;

  private int untilExpiryByCodes;
  private int untilExpiryByRows;
  private int bucketsTouched;
  private int shellsTouched;
  private long codesTouched;

  // Buckets by rising bound.
  private int[] order = {};
  private int[] bounds = {};
  private boolean[] bucketTouched = {};

  // Codes found, linked by distance.
  private Shell.Columns[] foundColumns = new Shell.Columns[256];
  private int[] foundOffsets = new int[256];
  private int[] foundNext = new int[256];
  private int foundCount;
  private int[] unverified = {};
  private int[] verified = {};
  private int[] unverifiedCodes = {};

  /// First rows of codes that are looked up together, and where their chains have led.
  private int[] heads = new int[TOGETHER];

  // Shells about to be scanned.
  private Shell[] planned = new Shell[64];
  private int[] plannedCenters = new int[64];
  private int plannedCount;

  /// Keeps the compiler from leaving reads out.
  @SuppressWarnings("UnusedVariable")
  private int touched;

  /// Visible rows of verified codes by distance, each code's counted up to k.
  private long[] rows = {};

  @SuppressWarnings("NullAway.Init") // begin() comes first
  ShellSearch(HammingKernel kernel) {
    this.kernel = kernel;
  }

  /// Begins a query.
  ///
  /// @param centerDistances of the query's code to all centers
  void begin(Content content, PartitionQuery query, long version, int[] centerDistances) {
    this.content = content;
    this.query = query;
    this.version = version;
    this.code = query.code().words();
    this.fingerprint = query.fingerprint() == null ? null : query.fingerprint().code().words();
    this.centerDistances = centerDistances;
    limit = query.radius();
    tile = FIRST_TILE;
    complete = true;
    wantsAll = query.k() > content.homeImages.get();
    untilExpiryByCodes = EXPIRY_CODES;
    untilExpiryByRows = EXPIRY_ROWS;
    bucketsTouched = 0;
    shellsTouched = 0;
    codesTouched = 0;
    foundCount = 0;
    int distancesPossible = query.code().bits() + 1;
    if (rows.length != distancesPossible) {
      unverified = new int[distancesPossible];
      verified = new int[distancesPossible];
      unverifiedCodes = new int[distancesPossible];
      rows = new long[distancesPossible];
    }
    Arrays.fill(unverified, NONE);
    Arrays.fill(verified, NONE);
    Arrays.fill(unverifiedCodes, 0);
    Arrays.fill(rows, 0);
    sortBuckets();
    fetchNearest();
    if (query.expired().getAsBoolean()) {
      complete = false;
    }
  }

  /// A counting sort: bounds are few.
  private void sortBuckets() {
    int nearest = Integer.MAX_VALUE;
    for (int distance : centerDistances) {
      nearest = Math.min(nearest, distance);
    }
    int count = centerDistances.length;
    if (order.length != count) {
      order = new int[count];
      bounds = new int[count];
      bucketTouched = new boolean[count];
    }
    Arrays.fill(bucketTouched, false);
    int[] ends = new int[query.code().bits() + 2];
    for (int distance : centerDistances) {
      ends[Bounds.ofBucket(distance, nearest) + 1]++;
    }
    for (int bound = 1; bound < ends.length; bound++) {
      ends[bound] += ends[bound - 1];
    }
    for (int center = 0; center < count; center++) {
      int bound = Bounds.ofBucket(centerDistances[center], nearest);
      int at = ends[bound]++;
      order[at] = center;
      bounds[at] = bound;
    }
  }

  /// Nearly every search scans the shells around the query's own in the nearest bucket.
  private void fetchNearest() {
    Bucket bucket = content.home(order[0]);
    if (bucket == null) {
      return;
    }
    int distance = centerDistances[order[0]];
    int first = Math.max(distance - FETCHED_SHELLS, 0);
    int last = Math.min(distance + FETCHED_SHELLS, query.code().bits());
    plannedCount = 0;
    for (int at = first; at <= last; at++) {
      Shell shell = bucket.shell(at);
      if (shell != null) {
        plan(shell, order[0]);
      }
    }
    fetch(0, plannedCount);
  }

  private void plan(Shell shell, int center) {
    if (plannedCount == planned.length) {
      planned = Arrays.copyOf(planned, 2 * plannedCount);
      plannedCenters = Arrays.copyOf(plannedCenters, 2 * plannedCount);
    }
    planned[plannedCount] = shell;
    plannedCenters[plannedCount++] = center;
  }

  /// Reads what leads to the codes of planned shells. Alone, each would wait for memory several
  /// times before its scan began; so they wait together.
  private void fetch(int from, int to) {
    for (int i = from; i < to; i++) {
      touched += planned[i].chunks.length;
    }
    for (int i = from; i < to; i++) {
      for (Shell.Chunk chunk : planned[i].chunks) {
        touched += chunk.columns.codes.length;
      }
    }
  }

  /// Takes every shell whose bound is the given one, while that may hold a hit.
  void scanLevel(int level) {
    plannedCount = 0;
    visit(level, ShellSearch::plan);
    for (int i = 0; i < plannedCount; i++) {
      if (i % FETCHED_TOGETHER == 0) {
        fetch(i, Math.min(plannedCount, i + FETCHED_TOGETHER));
      }
      if (!wants(0)) {
        return;
      }
      touch(planned[i], plannedCenters[i]);
      for (Shell.Chunk chunk : planned[i].chunks) {
        scan(chunk);
      }
    }
  }

  /// True where shells of that bound may still hold a hit.
  boolean wants(int level) {
    return complete && level <= limit;
  }

  /// Takes every shell whose bound is the given one.
  void visit(int level, ShellVisitor visitor) {
    int bits = query.code().bits();
    for (int i = 0; i < order.length && bounds[i] <= level; i++) {
      int center = order[i];
      Bucket bucket = content.home(center);
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

  private void offer(Bucket bucket, int center, int at, ShellVisitor visitor) {
    Shell shell = bucket.shell(at);
    if (shell != null && shell.liveCodes > 0) {
      visitor.visit(this, shell, center);
    }
  }

  /// Takes the shells that a search visits.
  interface ShellVisitor {
    void visit(ShellSearch search, Shell shell, int center);
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

  /// Compares the codes of a chunk.
  void scan(Shell.Chunk chunk) {
    int size = chunk.size;
    Shell.Columns columns = chunk.columns;
    for (int from = 0; from < size; ) {
      int to = Math.min(size, from + tile);
      int found =
          kernel.within(
              columns.codes, columns.capacity(), from, to, code, limit, positions, distances);
      if (found > 0) {
        for (int i = 0; i < found; i++) {
          note(columns, positions[i], distances[i]);
        }
        tighten();
      }
      untilExpiryByCodes -= to - from;
      from = to;
      tile = Math.min(2 * tile, Shell.CHUNK_CODES);
    }
    if (untilExpiryByCodes <= 0) {
      untilExpiryByCodes = EXPIRY_CODES;
      complete &= !query.expired().getAsBoolean();
    }
  }

  /// Looks up what lies within a level that has been visited whole: it is part of the answer, and
  /// may end the search.
  void endLevel(int level) {
    verify(Math.min(level, limit));
  }

  private void note(Shell.Columns columns, int offset, int distance) {
    if (foundCount == foundNext.length) {
      int capacity = 2 * foundCount;
      foundColumns = Arrays.copyOf(foundColumns, capacity);
      foundOffsets = Arrays.copyOf(foundOffsets, capacity);
      foundNext = Arrays.copyOf(foundNext, capacity);
    }
    foundColumns[foundCount] = columns;
    foundOffsets[foundCount] = offset;
    foundNext[foundCount] = unverified[distance];
    unverified[distance] = foundCount++;
    unverifiedCodes[distance]++;
  }

  /// Lowers the limit where enough codes are known within less.
  private void tighten() {
    if (wantsAll) {
      return;
    }
    long known = 0;
    for (int distance = 0; distance < limit; distance++) {
      known += rows[distance] + unverifiedCodes[distance];
      if (known >= query.k()) {
        verify(distance);
        return;
      }
    }
  }

  /// Looks up the rows of codes found within a distance, the nearest first, until they are k, and
  /// lowers the limit to the distance at which they are.
  private void verify(int farthest) {
    if (wantsAll) {
      return;
    }
    long known = 0;
    for (int distance = 0; distance <= farthest; distance++) {
      known += rows[distance];
      while (unverified[distance] != NONE && known < query.k()) {
        known += verifySome(distance, (int) Math.min(query.k() - known, TOGETHER));
      }
      if (known >= query.k()) {
        limit = Math.min(limit, distance);
        return;
      }
    }
  }

  /// Looks up the rows of some codes found at a distance; gives the number that can be hits.
  private int verifySome(int distance, int codes) {
    // What the codes name lies anywhere in memory: all of it is asked for before any is used.
    int count = 0;
    for (int at = unverified[distance]; at != NONE && count < codes; at = foundNext[at]) {
      heads[count++] = foundColumns[at].head(foundOffsets[at]);
    }
    for (int i = 0; i < count; i++) {
      if (heads[i] != Rows.NONE) {
        touched += content.rows.touch(Rows.row(heads[i]));
      }
    }
    int visibleOfAll = 0;
    for (int i = 0; i < count; i++) {
      int at = unverified[distance];
      unverified[distance] = foundNext[at];
      unverifiedCodes[distance]--;
      int visible = count(heads[i]);
      if (visible > 0) {
        visibleOfAll += visible;
        rows[distance] += visible;
        foundNext[at] = verified[distance];
        verified[distance] = at;
      }
    }
    return visibleOfAll;
  }

  /// Rows of a chain that can be hits, counted up to k.
  private int count(int head) {
    int count = 0;
    Rows all = content.rows;
    for (int link = head; link != Rows.NONE && count < query.k(); ) {
      int row = Rows.row(link);
      Rows.Columns columns = all.columns(row);
      int offset = Rows.offset(row);
      if (isHit(columns, offset)) {
        count++;
      }
      link = link < 0 ? Rows.NONE : columns.next(offset);
      readRow();
    }
    return count;
  }

  private boolean isHit(Rows.Columns columns, int offset) {
    return content.rows.isVisible(columns, offset, version)
        && (query.filter().acceptsAll()
            || query.filter().accepts(content.metadata.get(Rows.metadata(columns, offset))));
  }

  /// False where the query has expired; then what is under way should end.
  private boolean readRow() {
    if (--untilExpiryByRows > 0) {
      return true;
    }
    untilExpiryByRows = EXPIRY_ROWS;
    if (query.expired().getAsBoolean()) {
      complete = false;
    }
    return complete;
  }

  /// The answer.
  SearchResult end() {
    List<Hit> hits = new ArrayList<>();
    boolean goesOn = true;
    for (int distance = 0; distance <= limit && hits.size() < query.k() && goesOn; distance++) {
      if (verified[distance] != NONE || unverified[distance] != NONE) {
        Ranking ranking = new Ranking(content.ids, query.k() - hits.size());
        goesOn = rank(distance, ranking);
        int group = hits.size();
        int of = distance;
        ranking.flush();
        ranking.forEach((rank, id) -> hits.add(new Hit(content.ids.string(id), of, rank)));
        hits.subList(group, hits.size()).sort(Hit.ORDER);
      }
    }
    return new SearchResult(hits, complete, bucketsTouched, shellsTouched, codesTouched);
  }

  /// Offers the rows of the codes found at a distance. False where the query expired on the way.
  private boolean rank(int distance, Ranking ranking) {
    int width = startChains(verified[distance], 0);
    width = startChains(unverified[distance], width);
    Rows all = content.rows;
    boolean goesOn = true;
    // All chains at once, so that their reads do not wait for one another.
    while (width > 0 && goesOn) {
      for (int i = 0; i < width; i++) {
        touched += all.touch(Rows.row(heads[i]));
      }
      int kept = 0;
      for (int i = 0; i < width && goesOn; i++) {
        int link = heads[i];
        int row = Rows.row(link);
        Rows.Columns columns = all.columns(row);
        int offset = Rows.offset(row);
        if (isHit(columns, offset)) {
          int limitOfRank = ranking.limit();
          int rank =
              fingerprint == null
                  ? Hit.NO_FINGERPRINT
                  : columns.fingerprintDistance(offset, fingerprint, limitOfRank);
          if (rank <= limitOfRank) {
            ranking.add(rank, columns.id(offset));
          }
        }
        int next = link < 0 ? Rows.NONE : columns.next(offset);
        if (next != Rows.NONE) {
          heads[kept++] = next;
        }
        goesOn = readRow();
      }
      width = kept;
    }
    return goesOn;
  }

  private int startChains(int first, int width) {
    int chains = width;
    for (int at = first; at != NONE; at = foundNext[at]) {
      int head = foundColumns[at].head(foundOffsets[at]);
      if (head != Rows.NONE) {
        if (chains == heads.length) {
          heads = Arrays.copyOf(heads, 2 * chains);
        }
        heads[chains++] = head;
      }
    }
    return chains;
  }

  /// The best rows by fingerprint distance and id: a heap with the worst on top.
  private static final class Ranking {
    private final IdArena ids;
    private final int wanted;
    private int[] ranks = new int[16];
    private int[] refs = new int[16];
    private int size;
    private final int[] waitingRanks = new int[64];
    private final int[] waitingRefs = new int[64];
    private int waiting;

    /// Keeps the compiler from leaving the reads out.
    @SuppressWarnings("UnusedVariable")
    private int touched;

    Ranking(IdArena ids, int wanted) {
      this.ids = ids;
      this.wanted = wanted;
    }

    /// Offers a row, soon.
    void add(int rank, int id) {
      waitingRanks[waiting] = rank;
      waitingRefs[waiting++] = id;
      if (waiting == waitingRefs.length) {
        flush();
      }
    }

    void flush() {
      // Ids lie anywhere in memory. Reading them one after the other first, with nothing between
      // that depends on what is read, waits for all of them about as long as for one.
      for (int i = 0; i < waiting; i++) {
        touched += ids.touch(waitingRefs[i]);
      }
      for (int i = 0; i < waiting; i++) {
        offer(waitingRanks[i], waitingRefs[i]);
      }
      waiting = 0;
    }

    /// The largest fingerprint distance that may still be among the best.
    int limit() {
      return size < wanted ? Fingerprint.BITS : ranks[0];
    }

    private void offer(int rank, int id) {
      if (size < wanted) {
        if (size == ranks.length) {
          ranks = Arrays.copyOf(ranks, 2 * size);
          refs = Arrays.copyOf(refs, 2 * size);
        }
        rise(size++, rank, id);
      } else if (worse(ranks[0], refs[0], rank, id)) {
        sink(rank, id);
      }
    }

    private boolean worse(int rankA, int idA, int rankB, int idB) {
      return rankA != rankB ? rankA > rankB : ids.compare(idA, idB) > 0;
    }

    private void rise(int from, int rank, int id) {
      int at = from;
      while (at > 0) {
        int parent = (at - 1) / 2;
        if (!worse(rank, id, ranks[parent], refs[parent])) {
          break;
        }
        ranks[at] = ranks[parent];
        refs[at] = refs[parent];
        at = parent;
      }
      ranks[at] = rank;
      refs[at] = id;
    }

    private void sink(int rank, int id) {
      int at = 0;
      for (int child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size
            && worse(ranks[child + 1], refs[child + 1], ranks[child], refs[child])) {
          child++;
        }
        if (!worse(ranks[child], refs[child], rank, id)) {
          break;
        }
        ranks[at] = ranks[child];
        refs[at] = refs[child];
        at = child;
      }
      ranks[at] = rank;
      refs[at] = id;
    }

    void forEach(RankedRow action) {
      for (int i = 0; i < size; i++) {
        action.accept(ranks[i], refs[i]);
      }
    }
  }

  private interface RankedRow {
    void accept(int rank, int id);
  }
}
