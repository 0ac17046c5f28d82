package dev.mekiki.training.evaluation;

import dev.mekiki.centers.CodeSpread;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.evaluation.Evaluation.Buckets;
import dev.mekiki.training.evaluation.Evaluation.Centers;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Moved;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Distributions of distances: between copies of pictures, of codes to centers, between centers.
public final class CodeDistances {
  /// Of 64 bits.
  private static final int RADIUS = 6;

  private CodeDistances() {}

  /// How far edited copies lie from their originals.
  ///
  /// @param codes of each picture and then of its copies, in the order of {@link PictureEdit}
  static Edits ofCopies(String data, List<List<HashCode>> codes, int bits) {
    int radius = Math.max(1, Math.round((float) RADIUS * bits / Long.SIZE));
    List<Moved> kinds = new ArrayList<>();
    PictureEdit[] edits = PictureEdit.values();
    for (int edit = 0; edit < edits.length; edit++) {
      int[] counts = new int[bits + 1];
      for (List<HashCode> copies : codes) {
        counts[copies.getFirst().distance(copies.get(1 + edit))]++;
      }
      kinds.add(moved(edits[edit].title(), counts, radius));
    }
    int[] unrelated = pairs(codes.stream().map(List::getFirst).toList(), bits);
    return new Edits(data, codes.size(), radius, kinds, unrelated(unrelated, radius));
  }

  private static @Nullable Moved unrelated(int[] counts, int radius) {
    return Arrays.stream(counts).sum() == 0 ? null : moved("other pictures", counts, radius);
  }

  /// A summary of counted distances.
  ///
  /// @param counts pairs at each distance, at least one in all
  public static Moved moved(String kind, int[] counts, int radius) {
    long total = 0;
    double sum = 0;
    long within = 0;
    for (int distance = 0; distance < counts.length; distance++) {
      total += counts[distance];
      sum += (double) distance * counts[distance];
      within += distance <= radius ? counts[distance] : 0;
    }
    return new Moved(
        kind,
        sum / total,
        percentile(counts, total, 50),
        percentile(counts, total, 90),
        percentile(counts, total, 99),
        percentile(counts, total, 100),
        (double) within / total,
        Arrays.stream(counts).boxed().toList());
  }

  /// The smallest distance that at least `percent` of the pairs do not exceed.
  private static int percentile(int[] counts, long total, int percent) {
    long needed = Math.ceilDiv(total * percent, 100L);
    long passed = 0;
    int distance = -1;
    while (passed < needed) {
      distance++;
      passed += counts[distance];
    }
    return distance;
  }

  /// How centers lie to each other.
  static Centers ofCenters(CenterTable table) {
    int[] counts = pairs(table.centers(), table.bits());
    long total = Arrays.stream(counts).asLongStream().sum();
    double sum = IntStream.range(0, counts.length).mapToDouble(d -> (double) d * counts[d]).sum();
    return new Centers(
        table.size(),
        IntStream.range(0, counts.length).filter(d -> counts[d] > 0).findFirst().orElse(0),
        total == 0 ? 0 : sum / total,
        Arrays.stream(counts).boxed().toList());
  }

  private static int[] pairs(List<HashCode> codes, int bits) {
    int[] counts = new int[bits + 1];
    for (int i = 0; i < codes.size(); i++) {
      for (int j = 0; j < i; j++) {
        counts[codes.get(i).distance(codes.get(j))]++;
      }
    }
    return counts;
  }

  /// How evenly images fill the buckets.
  ///
  /// @param codes at least one
  static Buckets ofBuckets(CenterTable table, List<HashCode> codes) {
    int[] sizes = new int[table.size()];
    long shells = 0;
    for (HashCode code : codes) {
      CenterTable.Cell cell = table.cell(code);
      sizes[cell.center()]++;
      shells += cell.shell();
    }
    int[] sorted = Arrays.stream(sizes).sorted().toArray();
    return new Buckets(
        sizes.length,
        (int) Arrays.stream(sizes).filter(size -> size > 0).count(),
        sorted[0],
        (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0,
        sorted[sorted.length - 1],
        CodeSpread.effectiveBuckets(sizes),
        (double) sorted[sorted.length - 1] / codes.size(),
        (double) shells / codes.size(),
        Arrays.stream(sizes).boxed().toList());
  }
}
