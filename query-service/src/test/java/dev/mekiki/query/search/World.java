package dev.mekiki.query.search;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.bucket.MetadataFilter;
import dev.mekiki.hashing.bucket.PartitionIndex;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.bucket.SearchResult;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchStatistics;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A random set of images spread by a random routing over partitions that real search structures
/// hold, and partitions over instances of which some are gone. Knows everything that is homed
/// where, so that it can answer by brute force.
final class World implements Partitions {
  /// An image in the one partition that searches find it in.
  record Homed(String id, long offset, int partition, HashCode code, Fingerprint fingerprint) {
    SearchHit hit(HashCode query, @Nullable Fingerprint queryFingerprint) {
      SearchHit.Builder hit =
          SearchHit.newBuilder()
              .setImageId(id)
              .setCodeDistance(query.distance(code))
              .setRevision(SourceCoordinate.newBuilder().setOffset(offset));
      if (queryFingerprint != null) {
        hit.setFingerprintDistance(queryFingerprint.distance(fingerprint));
      }
      return hit.build();
    }
  }

  final RandomGenerator random;
  final CenterTable centers;
  final Routing routing;
  final List<Homed> homed = new ArrayList<>();
  final Set<Integer> gone = new HashSet<>();
  final List<SortedSet<Integer>> asked = new ArrayList<>();

  private final int bits;
  private final int[] instanceOfPartition;
  private final List<PartitionIndex> indexes = new ArrayList<>();
  private final List<Map<String, Homed>> rows = new ArrayList<>();

  World(RandomGenerator random) {
    this.random = random;
    this.bits = new int[] {16, 32, 48, 64, 128}[random.nextInt(5)];
    int size = random.nextInt(1, 9);
    List<HashCode> codes = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int center = 0; center < size; center++) {
      codes.add(randomCode());
      labels.add("class " + center);
    }
    this.centers = new CenterTable(bits, codes, labels);
    int partitions = random.nextInt(1, 7);
    List<Integer> partitionOfCenter = new ArrayList<>();
    for (int center = 0; center < size; center++) {
      partitionOfCenter.add(random.nextInt(partitions));
    }
    this.routing = new Routing(centers, partitions, partitionOfCenter);
    this.instanceOfPartition = random.ints(partitions, 0, 3).toArray();
    for (int partition = 0; partition < partitions; partition++) {
      indexes.add(new PartitionIndex(centers));
      rows.add(new HashMap<>());
    }
    int images = random.nextInt(0, 120);
    for (int image = 0; image < images; image++) {
      add("image " + random.nextInt(1_000_000), image);
    }
  }

  /// Adds a newer revision of some images without removing the older one, as between the two steps
  /// of a move; where both would lie in one partition, the newer replaces the older as it does
  /// there.
  void moveSome() {
    for (Homed old : List.copyOf(homed)) {
      if (random.nextInt(3) == 0) {
        add(old.id(), old.offset() + 1_000);
      }
    }
  }

  HashCode randomQuery() {
    return random.nextInt(4) == 0 || homed.isEmpty()
        ? randomCode()
        : flip(homed.get(random.nextInt(homed.size())).code(), random.nextInt(bits / 4));
  }

  Fingerprint randomFingerprint() {
    // Few bits set, so that ties of fingerprint distance happen as well.
    return new Fingerprint(HashCode.of(256, random.nextLong() & 7, 0, 0, 0), 100);
  }

  private void add(String id, long offset) {
    HashCode code =
        random.nextInt(5) == 0
            ? randomCode()
            : flip(centers.center(random.nextInt(centers.size())), random.nextInt(bits / 4));
    Homed image =
        new Homed(id, offset, routing.home(code, id).partition(), code, randomFingerprint());
    Homed replaced = rows.get(image.partition()).put(id, image);
    homed.remove(replaced);
    homed.add(image);
    indexes.get(image.partition()).put(new IndexedImage(id, code, image.fingerprint(), Map.of()));
  }

  private HashCode randomCode() {
    byte[] bytes = new byte[bits / 8];
    random.nextBytes(bytes);
    return HashCode.fromBytes(bytes);
  }

  private HashCode flip(HashCode code, int flips) {
    byte[] bytes = code.toBytes();
    for (int flip = 0; flip < flips; flip++) {
      int bit = random.nextInt(bits);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return HashCode.fromBytes(bytes);
  }

  @Override
  public Answers ask(SortedSet<Integer> wave, Query query) {
    asked.add(wave);
    Map<Integer, SortedSet<Integer>> byInstance = new TreeMap<>();
    Set<Integer> missing = new HashSet<>();
    for (int partition : wave) {
      int instance = instanceOfPartition[partition];
      if (gone.contains(instance)) {
        missing.add(partition);
      } else {
        byInstance.computeIfAbsent(instance, i -> new TreeSet<>()).add(partition);
      }
    }
    List<InstanceAnswer> answers = new ArrayList<>();
    byInstance.forEach((instance, partitions) -> answers.add(answer(partitions, query)));
    return new Answers(answers, missing);
  }

  /// The nearest of the partitions together, as an index instance returns them.
  private InstanceAnswer answer(SortedSet<Integer> partitions, Query query) {
    @Nullable Fingerprint fingerprint = fingerprint(query.fingerprint());
    List<SearchHit> hits = new ArrayList<>();
    for (int partition : partitions) {
      SearchResult found =
          indexes
              .get(partition)
              .search(
                  new PartitionQuery(
                      query.code(),
                      fingerprint,
                      query.radius(),
                      query.k(),
                      MetadataFilter.ALL,
                      () -> false));
      for (Hit hit : found.hits()) {
        hits.add(
            Objects.requireNonNull(rows.get(partition).get(hit.id()))
                .hit(query.code(), fingerprint));
      }
    }
    hits.sort(HitOrder.COMPARATOR);
    return new InstanceAnswer(
        partitions,
        query,
        hits.subList(0, Math.min(query.k(), hits.size())),
        true,
        SearchStatistics.newBuilder().setPartitions(partitions.size()).build(),
        List.of());
  }

  boolean isGone(int partition) {
    return gone.contains(instanceOfPartition[partition]);
  }

  static @Nullable Fingerprint fingerprint(ByteString bytes) {
    return bytes.isEmpty() ? null : new Fingerprint(HashCode.fromBytes(bytes.toByteArray()), 100);
  }
}
