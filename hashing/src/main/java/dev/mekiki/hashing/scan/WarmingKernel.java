package dev.mekiki.hashing.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The scalar kernel until the vector kernel is compiled, then the vector kernel, switching for
/// each kind of scan separately.
///
/// Vectors are fast only in code of the optimising compiler: before, each operation on one is a
/// call that allocates, and a scan takes hundreds of times as long. A process that shares its cores
/// may wait minutes for that compiler, most of all if its scans take what is left of the cores. So
/// a thread of its own runs the vector kernel now and then on made-up codes, which is what has it
/// compiled, and compares times. Where it never becomes faster, as in a JVM without that compiler,
/// the thread gives up and the scalar kernel stays.
///
/// Thread-safe.
final class WarmingKernel implements HammingKernel {
  private static final int CODES = 1024;
  private static final int MAX_WORDS = 4;
  private static final long SLICE_NANOS = 4_000_000;
  private static final long PAUSE_MILLIS = 12;

  /// Slices between which the pause doubles.
  private static final int SLICES_PER_PAUSE = 50;

  /// Slices after which the thread gives up: two minutes, and at most 13 s of CPU time.
  private static final int MAX_SLICES = 400;

  // A bit for each kind of scan; those of `within` follow, by words.
  private static final int PAIRS = 1;
  private static final int INTS = 1 << 1;
  private static final int ANY = 1 << 2;
  private static final int WITHIN = 1 << 3;

  private final ScalarKernel scalar = new ScalarKernel();
  private final VectorKernel vector = new VectorKernel();

  /// The kinds for which the vector kernel is the faster one.
  private volatile int warm;

  /// One kind of scan, to try.
  private record Trial(int bit, Scan scan) {}

  private interface Scan {
    long run(HammingKernel kernel);
  }

  private WarmingKernel() {}

  /// A kernel that begins to warm up.
  static WarmingKernel start() {
    WarmingKernel kernel = new WarmingKernel();
    Thread.ofPlatform().daemon().name("mekiki-kernel-warm-up").start(kernel::warmUp);
    return kernel;
  }

  private HammingKernel kernel(int bit) {
    return (warm & bit) != 0 ? vector : scalar;
  }

  @Override
  public int within(
      long[] codes,
      int stride,
      int from,
      int to,
      long[] query,
      int limit,
      int[] positions,
      int[] distances) {
    return kernel(WITHIN << query.length)
        .within(codes, stride, from, to, query, limit, positions, distances);
  }

  @Override
  public int withinAny(long[] codes, int from, int to, long[] queries, int limit, int[] positions) {
    return kernel(ANY).withinAny(codes, from, to, queries, limit, positions);
  }

  @Override
  public int pairsWithin(long[] pairs, int from, int to, long[] query, int limit, int[] found) {
    return kernel(PAIRS).pairsWithin(pairs, from, to, query, limit, found);
  }

  @Override
  public int intsWithin(
      int[] ints, int from, int to, int wanted, int mask, int limit, int[] positions) {
    return kernel(INTS).intsWithin(ints, from, to, wanted, mask, limit, positions);
  }

  @Override
  public long sum(long[] words) {
    // Measures memory in benchmarks alone; not worth a trial at every start.
    return vector.sum(words);
  }

  @Override
  public String description() {
    return vector.description();
  }

  private void warmUp() {
    List<Trial> cold = new ArrayList<>(trials());
    for (int slice = 0; slice < MAX_SLICES && !cold.isEmpty(); slice++) {
      cold.removeIf(this::isFaster);
      try {
        Thread.sleep(PAUSE_MILLIS << (slice / SLICES_PER_PAUSE));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Runs a slice, and switches over if the vector kernel was faster.
  private boolean isFaster(Trial trial) {
    boolean faster = nanos(trial.scan(), vector) < nanos(trial.scan(), scalar);
    if (faster) {
      warm |= trial.bit();
    }
    return faster;
  }

  /// Of one scan, a mean over a slice.
  private static double nanos(Scan scan, HammingKernel kernel) {
    long start = System.nanoTime();
    long now = start;
    int scans = 0;
    long sink = 0;
    while (now - start < SLICE_NANOS / 2) {
      sink += scan.run(kernel);
      scans++;
      now = System.nanoTime();
    }
    return (now - start + (sink == Long.MIN_VALUE ? 1 : 0)) / (double) scans;
  }

  private static List<Trial> trials() {
    Random random = new Random(1);
    long[] codes = random.longs(MAX_WORDS * CODES).toArray();
    int[] ints = random.ints(CODES).toArray();
    long[] query = random.longs(MAX_WORDS).toArray();
    int[] positions = new int[CODES];
    int[] distances = new int[CODES];
    List<Trial> trials = new ArrayList<>();
    trials.add(
        new Trial(PAIRS, kernel -> kernel.pairsWithin(codes, 0, CODES, query, 31, positions)));
    trials.add(
        new Trial(INTS, kernel -> kernel.intsWithin(ints, 0, CODES, 7, -1 << 12, 2, positions)));
    for (int words = 1; words <= MAX_WORDS; words++) {
      long[] part = Arrays.copyOf(query, words);
      // Few are near.
      int limit = 18 * words;
      trials.add(
          new Trial(
              WITHIN << words,
              kernel -> kernel.within(codes, CODES, 0, CODES, part, limit, positions, distances)));
    }
    trials.add(new Trial(ANY, kernel -> kernel.withinAny(codes, 0, CODES, query, 16, positions)));
    return trials;
  }

  /// Whether pairs are scanned with vectors by now.
  boolean isWarmForPairs() {
    return (warm & PAIRS) != 0;
  }
}
