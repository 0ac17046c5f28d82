package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.center.CenterDistances;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.scan.HammingKernel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The images of one partition, searched exactly: buckets of shells of distinct codes of rows,
/// packed.
///
/// A search visits shells by rising lower bound ({@link dev.mekiki.hashing.center.Bounds}) until
/// the bound passes the radius or, once k hits are known, the k-th distance. A shell whose bound
/// equals the k-th distance is still visited: it may hold a tie that fingerprint or id ranks before
/// the k-th hit. Equal codes are kept once, so a collapsed class costs one comparison for its code
/// and one scan of its rows' fingerprints.
///
/// ## Threads
///
/// One thread writes at a time; any number search meanwhile, without a lock. Each search, and each
/// batch of searches, sees one state: everything put or removed before it began, or in the order in
/// which that was done, up to some point.
///
/// ## Cost
///
/// Put and remove take constant amortised time, apart from the distances to the centers; nothing is
/// ever rebuilt as a whole, the largest step is to split one list of the fingerprint index or to
/// sweep it: microseconds, and some milliseconds where a million images have one fingerprint. An
/// image takes, beside its id's bytes,
///
/// - 40 bytes for fingerprint, state and id, 4 more where its code has several rows,
/// - about 6 in the table of ids,
/// - its share of its code: 12 bytes for 64 bits and about 6 in the table of codes,
/// - in a partition of more than 65,536 images about 100 for the lists of the {@link
///   FingerprintIndex}.
///
/// Room that images leave is kept for others.
public final class PartitionIndex {
  private final CenterTable centers;
  private final CenterDistances centerDistances;
  private final HammingKernel kernel = HammingKernel.chosen();
  private final Versions versions = new Versions();
  private final AtomicReferenceArray<QueryBatch> searches =
      new AtomicReferenceArray<>(Versions.slots());
  private volatile Content content;

  /// For the writer, of the present content.
  private CandidateSearch candidates;

  /// An empty structure.
  ///
  /// @param centers the center table that cuts the code space, of the whole generation and not only
  ///   of this partition: the center bound rests on a query's nearest center among all
  public PartitionIndex(CenterTable centers) {
    this.centers = centers;
    this.centerDistances = new CenterDistances(centers);
    this.content = empty();
    this.candidates = new CandidateSearch(content, centers.bits(), kernel);
  }

  /// Adds an image, or replaces the one of the same id.
  ///
  /// @throws IllegalArgumentException if the code has another number of bits than the structure
  public void put(IndexedImage image) {
    put(locate(image));
  }

  /// Adds or replaces an image that was located before, maybe by another thread.
  ///
  /// @param image located by this structure, or by one with the same centers
  public void put(LocatedImage image) {
    content.put(image.id, image.image.code().words(), image.cell, image.image);
  }

  /// Adds or replaces an image whose candidates are searched for, too.
  ///
  /// @param arrival made by this structure, or by one with the same centers
  public void put(Arrival arrival) {
    put(arrival.image);
  }

  /// Everything that a put computes of an image alone. Any thread may call it.
  ///
  /// @throws IllegalArgumentException if the code has another number of bits than the structure
  public LocatedImage locate(IndexedImage image) {
    return arrival(image).image;
  }

  /// Everything that a put and a search for candidates compute of an image alone. Any thread may
  /// call it.
  ///
  /// @throws IllegalArgumentException if the code has another number of bits than the structure
  public Arrival arrival(IndexedImage image) {
    checkBits(image.code());
    int[] distances = centerDistances.of(image.code());
    return new Arrival(
        new LocatedImage(image, utf8(image.id()), CenterTable.cell(distances)), distances);
  }

  /// Removes the image of that id, if there is one.
  public void remove(String id) {
    content.remove(utf8(id));
  }

  /// Removes everything.
  public void clear() {
    content = empty();
    candidates = new CandidateSearch(content, centers.bits(), kernel);
  }

  /// The nearest images, in {@link Hit#ORDER}.
  ///
  /// @throws IllegalArgumentException if the code has another number of bits than the structure
  public SearchResult search(PartitionQuery query) {
    return search(List.of(query)).getFirst();
  }

  /// The answers to several queries, in their order, all of one state. Queries that need the same
  /// shells scan them together, which pays where each would read much; they end together.
  ///
  /// @throws IllegalArgumentException if a code has another number of bits than the structure
  public List<SearchResult> search(List<PartitionQuery> queries) {
    if (queries.isEmpty()) {
      return List.of();
    }
    queries.forEach(query -> checkBits(query.code()));
    int slot = versions.enter();
    try {
      QueryBatch mine = searches.get(slot);
      if (mine == null) {
        mine = new QueryBatch(kernel);
        searches.set(slot, mine);
      }
      // The content first: a version read after it is not older than what it held at its start.
      Content present = content;
      return mine.run(present, centerDistances, queries, versions.current());
    } finally {
      versions.leave(slot);
    }
  }

  /// Passes every candidate for a match with an arrival to the collector, in no order; the arrival
  /// itself, too, once it was put. Only the writing thread may call it. Up to a fingerprint radius
  /// of 31 the cost grows much slower than the partition; beyond, and for a near radius that holds
  /// many codes, every image may be read.
  ///
  /// @param arrival made by this structure, or by one with the same centers
  /// @param filter which images may be candidates
  public void candidates(
      Arrival arrival,
      CandidateCriteria criteria,
      MetadataFilter filter,
      CandidateCollector collector) {
    candidates.run(arrival, criteria, filter, collector);
  }

  /// The same as a list, for criteria that few images meet.
  public List<MatchCandidate> candidates(Arrival arrival, CandidateCriteria criteria) {
    List<MatchCandidate> all = new ArrayList<>();
    candidates(
        arrival,
        criteria,
        MetadataFilter.ALL,
        new CandidateCollector() {
          @Override
          public boolean wants(int codeDistance, int fingerprintDistance) {
            return true;
          }

          @Override
          public void collect(MatchCandidate candidate) {
            all.add(candidate);
          }
        });
    return all;
  }

  /// Number of images.
  public int images() {
    return content.imageCount.get();
  }

  /// Number of images in one bucket. While an image is replaced it may be counted twice.
  ///
  /// @param center 0 to that of the last center
  public int images(int center) {
    Bucket bucket = content.bucket(center);
    return bucket == null ? 0 : bucket.liveRows.get();
  }

  /// Bytes of heap that the structure takes, room kept for more included. Walks its parts.
  public long bytes() {
    return content.bytes();
  }

  /// Of {@link #bytes}, those of the image ids.
  public long idBytes() {
    return content.idBytes();
  }

  private Content empty() {
    return new Content(centers, HashCode.wordCount(centers.bits()), versions);
  }

  private static byte[] utf8(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  private void checkBits(HashCode code) {
    if (code.bits() != centers.bits()) {
      throw new IllegalArgumentException(
          "code: %d bits (expected: %d)".formatted(code.bits(), centers.bits()));
    }
  }
}
