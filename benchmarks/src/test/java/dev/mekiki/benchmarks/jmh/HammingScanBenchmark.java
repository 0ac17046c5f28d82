package dev.mekiki.benchmarks.jmh;

import dev.mekiki.benchmarks.flat.FlatScan;
import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The flat scan beside a plain loop and a plain sum over the same array. Time is that of all
/// codes, for {@link #block} that of all codes and all queries of a block.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xms3g", "-Xmx3g"})
public class HammingScanBenchmark {
  private static final int BLOCK = 64;
  private static final int K = 10;

  @Param({"1000000", "10000000"})
  private int codes;

  @Param({"64", "256"})
  private int bits;

  private long[] array;
  private FlatScan flat;
  private List<long[]> queries;

  /// Draws uniform codes: a scan does the same work on any.
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(1);
    int words = HashCode.wordCount(bits);
    array = random.longs((long) words * codes).toArray();
    flat = new FlatScan(array, codes, bits);
    queries = new ArrayList<>();
    for (int i = 0; i < BLOCK; i++) {
      queries.add(random.longs(words).toArray());
    }
  }

  /// The plain loop, nothing collected but the nearest.
  @Benchmark
  public int scalar() {
    long[] query = queries.getFirst();
    int nearest = Integer.MAX_VALUE;
    for (int i = 0; i < codes; i++) {
      int distance = 0;
      for (int word = 0; word < query.length; word++) {
        distance += Long.bitCount(array[word * codes + i] ^ query[word]);
      }
      nearest = Math.min(nearest, distance);
    }
    return nearest;
  }

  /// The ten nearest of one query.
  @Benchmark
  public Object one() {
    return flat.nearest(queries.getFirst(), K);
  }

  /// The ten nearest of each of 64 queries.
  @Benchmark
  public Object block() {
    return flat.nearest(queries, K);
  }

  /// What the memory gives.
  @Benchmark
  public long sum() {
    return flat.sum();
  }
}
