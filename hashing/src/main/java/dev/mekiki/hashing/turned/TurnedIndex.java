package dev.mekiki.hashing.turned;

import dev.mekiki.hashing.bucket.Arrival;
import dev.mekiki.hashing.bucket.CandidateCollector;
import dev.mekiki.hashing.bucket.CandidateCriteria;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MatchCandidate;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.Turn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Finds the images of a partition that are turned copies of a picture, or copies with or without a
/// border, by the fingerprints of whole pictures. Exact: the nearest within the radius are found.
///
/// Fingerprints lie in {@link PartitionIndex}es, those of whole pictures in one and those of
/// pictures without their border in another. Codes play no part: all have the same.
///
/// For one thread.
public final class TurnedIndex {
  private static final HashCode CODE = HashCode.of(HashCode.MIN_BITS, 0);
  private static final CenterTable CENTERS =
      new CenterTable(CODE.bits(), List.of(CODE), List.of(""));

  /// Whether a fingerprint says something was decided before; this one is as good as any.
  private static final int QUALITY = 100;

  private final PartitionIndex whole = new PartitionIndex(CENTERS);
  private final PartitionIndex trimmed = new PartitionIndex(CENTERS);

  /// Adds an image, or replaces the one of the same id.
  ///
  /// @param code the fingerprint of its picture, which has features
  /// @param without the same without its border; null if it has none
  public void put(String id, HashCode code, @Nullable HashCode without) {
    put(id, code, without, Map.of());
  }

  /// The same with what it can be filtered by.
  public void put(
      String id, HashCode code, @Nullable HashCode without, Map<String, String> metadata) {
    whole.put(image(id, code, metadata));
    if (without == null) {
      trimmed.remove(id);
    } else {
      trimmed.put(image(id, without, metadata));
    }
  }

  /// Removes an image, if it is there.
  public void remove(String id) {
    whole.remove(id);
    trimmed.remove(id);
  }

  private static IndexedImage image(String id, HashCode code, Map<String, String> metadata) {
    return new IndexedImage(id, CODE, new Fingerprint(code, QUALITY), metadata);
  }

  /// The images that are found, the nearest first. One may come several times. What the picture as
  /// it is finds in others as they are is left out: fingerprints alone decide on that.
  ///
  /// @param radius largest distance of fingerprints; from 32 on every image is read
  /// @param most images that one fingerprint finds, the nearest; at least 1
  public List<TurnedCandidate> candidates(SoughtFingerprints sought, int radius, int most) {
    return candidates(sought, radius, most, MetadataFilter.ALL);
  }

  /// The same among the images that a filter accepts.
  public List<TurnedCandidate> candidates(
      SoughtFingerprints sought, int radius, int most, MetadataFilter filter) {
    List<TurnedCandidate> found = new ArrayList<>();
    for (SoughtFingerprints.Part part : sought.parts()) {
      for (int i = 0; i < part.codes().size(); i++) {
        Turn turn = SoughtFingerprints.turns().get(i);
        HashCode code = part.codes().get(i);
        if (turn != Turn.NONE || !part.region().equals(Region.WHOLE)) {
          search(whole, false, part.region(), turn, code, radius, most, filter, found);
        }
        if (trimmed.images() > 0) {
          search(trimmed, true, part.region(), turn, code, radius, most, filter, found);
        }
      }
    }
    found.sort(
        Comparator.comparingInt(TurnedCandidate::distance).thenComparing(TurnedCandidate::id));
    return found;
  }

  private static void search(
      PartitionIndex index,
      boolean isTrimmed,
      Region region,
      Turn turn,
      HashCode code,
      int radius,
      int most,
      MetadataFilter filter,
      List<TurnedCandidate> found) {
    Nearest nearest = new Nearest(most);
    Arrival arrival = index.arrival(image("", code, Map.of()));
    index.candidates(
        arrival,
        new CandidateCriteria(radius, CODE.bits(), CandidateCriteria.OFF),
        filter,
        nearest);
    for (MatchCandidate one : nearest.kept) {
      found.add(new TurnedCandidate(one.id(), region, turn, isTrimmed, one.fingerprintDistance()));
    }
  }

  /// Keeps so many.
  private static final class Nearest implements CandidateCollector {
    private final int most;
    private final PriorityQueue<MatchCandidate> kept =
        new PriorityQueue<>(
            Comparator.comparingInt(MatchCandidate::fingerprintDistance).reversed());

    Nearest(int most) {
      this.most = most;
    }

    @Override
    public boolean wants(int codeDistance, int fingerprintDistance) {
      return kept.size() < most || fingerprintDistance < kept.element().fingerprintDistance();
    }

    @Override
    public void collect(MatchCandidate candidate) {
      if (kept.size() == most) {
        kept.remove();
      }
      kept.add(candidate);
    }
  }

  /// Number of images.
  public int size() {
    return whole.images();
  }

  /// Heap bytes that the structure holds, those of ids included. Walks its parts.
  public long bytes() {
    return whole.bytes() + trimmed.bytes();
  }
}
