package dev.mekiki.index.generations;

import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What search structures take of the heap, and whether those of another generation would fit.
/// Stateless.
public final class IndexMemory {
  /// Of an image: its columns, its share of codes, its id, and the lists of its fingerprint.
  private static final long IMAGE_BYTES = 300;

  /// Of an image in addition, where copies are looked for: its landmarks, and the fingerprints by
  /// which turned and trimmed copies are found.
  private static final long COPY_BYTES = 1_300;

  /// What all search structures may take of the heap.
  private static final double SHARE = 0.7;

  private IndexMemory() {}

  /// Bytes of an image in the index of one generation.
  ///
  /// @param copies whether copies are looked for
  public static long imageBytes(boolean copies) {
    return copies ? IMAGE_BYTES + COPY_BYTES : IMAGE_BYTES;
  }

  /// Most bytes that search structures may take.
  ///
  /// @param heap most bytes of it
  public static long allowed(long heap) {
    return (long) (heap * SHARE);
  }

  /// The same in words, for messages.
  public static String allowedOf(long heap) {
    return "at most %,d, which is %.0f %% of the heap of %,d"
        .formatted(allowed(heap), 100 * SHARE, heap);
  }

  /// Why another generation does not fit into the index instances that would serve it beside
  /// others.
  ///
  /// @param next the other generation
  /// @param images number of them
  /// @param copies whether copies are looked for
  /// @param generations those that are kept, by id
  /// @param members index instances that run
  /// @return the arithmetic for the process that is short of most; null where it fits into each, or
  ///   none is known that would serve it
  public static @Nullable String shortage(
      Generation next,
      long images,
      boolean copies,
      Map<String, Generation> generations,
      Collection<IndexMember> members) {
    Map<String, List<IndexMember>> processes =
        members.stream()
            .filter(IndexMember::getFollows)
            .collect(
                Collectors.groupingBy(IndexMember::getProcess, TreeMap::new, Collectors.toList()));
    @Nullable String shortage = null;
    double most = 1;
    for (List<IndexMember> process : processes.values()) {
      Map<Generation, Long> parts = new LinkedHashMap<>();
      Set<String> served =
          process.stream().map(IndexMember::getGeneration).collect(Collectors.toSet());
      for (Generation generation : generations.values()) {
        if (served.contains(generation.getId()) && !generation.getId().equals(next.getId())) {
          long instances =
              members.stream()
                  .filter(member -> member.getGeneration().equals(generation.getId()))
                  .count();
          parts.put(generation, partitions(generation, instances, process.getFirst()));
        }
      }
      parts.put(next, partitions(next, processes.size(), process.getFirst()));
      long heap = process.getFirst().getHeapBytes();
      double share = (double) needed(parts, images, copies) / allowed(heap);
      if (share > most) {
        most = share;
        shortage = arithmetic(parts, images, copies, heap);
      }
    }
    return shortage;
  }

  /// Most partitions of a generation that one instance holds, standbys included.
  private static long partitions(Generation generation, long instances, IndexMember member) {
    long copies = 1 + Math.min(member.getStandbyReplicas(), instances - 1);
    return Math.ceilDiv(generation.getPartitions() * copies, instances);
  }

  private static long needed(Map<Generation, Long> parts, long images, boolean copies) {
    return parts.entrySet().stream()
        .mapToLong(part -> images * part.getValue() / part.getKey().getPartitions())
        .map(held -> held * imageBytes(copies))
        .sum();
  }

  private static String arithmetic(
      Map<Generation, Long> parts, long images, boolean copies, long heap) {
    List<String> terms = new ArrayList<>();
    parts.forEach((generation, held) ->
        terms.add(
            "%d of the %d partitions of %s"
                .formatted(held, generation.getPartitions(), Topics.shortId(generation.getId()))));
    return "an index instance would hold %s, of %,d images x %d bytes: %,d bytes (expected: %s)"
        .formatted(
            String.join(" and ", terms),
            images,
            imageBytes(copies),
            needed(parts, images, copies),
            allowedOf(heap));
  }
}
