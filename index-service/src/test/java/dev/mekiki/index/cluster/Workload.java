package dev.mekiki.index.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.World;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A random history of images as an encoder would write it, and what must be true after it.
///
/// Images show scenes: codes and fingerprints of one scene lie close together, around a center of
/// the world. An image is put, put again unchanged with another code (inference is not bit-stable),
/// given other metadata, changed to another scene, or deleted. Not thread-safe.
final class Workload {
  private static final int VARIANTS = 3;

  private final World world;
  private final Random random;
  private final int ids;
  private final int lanes;
  private final List<Scene> scenes = new ArrayList<>();
  private final long[] offsets;
  private final Map<String, Version> current = new HashMap<>();
  private final Map<String, ImageCode> written = new HashMap<>();
  private final Map<SourceCoordinate, Version> revisions = new HashMap<>();

  /// @param code,fingerprints what its images are close to; one fingerprint for each content
  private record Scene(HashCode code, List<HashCode> fingerprints) {}

  /// One revision of an image.
  record Version(
      String id,
      SourceCoordinate revision,
      HashCode code,
      HashCode fingerprint,
      String content,
      long time,
      boolean muted) {}

  /// A record for `image-codes`.
  ///
  /// @param lane records of one lane keep their order; lanes interleave as they like
  record Step(int lane, String id, @Nullable ImageCode code) {}

  /// @param lanes how many encoders write
  Workload(World world, long seed, int ids, int sceneCount, int lanes) {
    this.world = world;
    this.random = new Random(seed);
    this.ids = ids;
    this.lanes = lanes;
    this.offsets = new long[lanes];
    for (int i = 0; i < sceneCount; i++) {
      // Some lie near a center, some are unlike anything the network was trained on.
      HashCode code =
          random.nextInt(4) == 0
              ? HashCode.of(World.BITS, random.nextLong())
              : world.nearCenter(random, 0.08);
      HashCode fingerprint = World.fingerprint(random);
      List<HashCode> fingerprints = new ArrayList<>();
      for (int variant = 0; variant < VARIANTS; variant++) {
        fingerprints.add(World.flipped(fingerprint, random, 0.06));
      }
      scenes.add(new Scene(code, fingerprints));
    }
  }

  /// The next steps of the history.
  List<Step> next(int count) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = random.nextInt(ids);
      // Characters of two, three and four UTF-8 bytes make the order of ids matter.
      String id = List.of("a", "é", "\uFFFD", "\uD83D\uDE00").get(number % 4) + "/" + number;
      steps.add(step(number % lanes, id));
    }
    return steps;
  }

  private Step step(int lane, String id) {
    Version version = current.get(id);
    ImageCode last = written.get(id);
    int kind = random.nextInt(100);
    if (version == null || last == null || kind < 55) {
      return put(lane, id);
    }
    if (kind < 70) {
      return write(lane, id, jittered(last));
    }
    if (kind < 85) {
      return write(
          lane, id, jittered(last).putMetadata("note", Integer.toString(random.nextInt())));
    }
    current.remove(id);
    written.remove(id);
    offsets[lane]++;
    return new Step(lane, id, null);
  }

  private Step put(int lane, String id) {
    int number = random.nextInt(scenes.size());
    Scene scene = scenes.get(number);
    int variant = random.nextInt(VARIANTS);
    String content = number + "/" + variant;
    ImageCode.Builder code =
        World.image(
                World.flipped(scene.code(), random, 0.05),
                scene.fingerprints().get(variant),
                content,
                0)
            .setImageTime(Timestamps.fromMillis(1_700_000_000_000L + random.nextInt(100_000)))
            .setMute(random.nextInt(20) == 0);
    ImageCode before = written.get(id);
    boolean sameBytes = before != null && before.getSha256().equals(code.getSha256());
    Step step = write(lane, id, code);
    ImageCode now = step.code();
    if (!sameBytes && now != null) {
      Version version =
          new Version(
              id,
              now.getSource(),
              HashCode.fromBytes(now.getHashCode().toByteArray()),
              HashCode.fromBytes(now.getFingerprint().toByteArray()),
              content,
              Timestamps.toMillis(now.getImageTime()),
              now.getMute());
      current.put(id, version);
      revisions.put(version.revision(), version);
    }
    return step;
  }

  private ImageCode.Builder jittered(ImageCode last) {
    HashCode code = HashCode.fromBytes(last.getHashCode().toByteArray());
    HashCode jittered = World.flipped(code, random, 0.02);
    return last.toBuilder()
        .setHashCode(ByteString.copyFrom(jittered.toBytes()))
        .setImageTime(Timestamps.fromMillis(1_800_000_000_000L));
  }

  private Step write(int lane, String id, ImageCode.Builder builder) {
    ImageCode code =
        builder
            .setSource(
                SourceCoordinate.newBuilder()
                    .setTopic(World.IMAGES)
                    .setPartition(lane)
                    .setOffset(offsets[lane]++))
            .build();
    written.put(id, code);
    return new Step(lane, id, code);
  }

  /// The images that are there after all steps, by id.
  Map<String, Version> current() {
    return current;
  }

  /// A revision that is or was.
  Version revision(SourceCoordinate coordinate) {
    return Objects.requireNonNull(revisions.get(coordinate), coordinate::toString);
  }

  /// The revision of an image that is there after all steps.
  Version current(String id) {
    return Objects.requireNonNull(current.get(id), id);
  }

  /// A query close to some scene.
  HashCode query() {
    return World.flipped(scenes.get(random.nextInt(scenes.size())).code(), random, 0.08);
  }

  /// The pairs of final revisions that must have been emitted, by brute force.
  Set<Pair> finalPairs(Reach reach, int radius) {
    List<Version> all = new ArrayList<>(current.values());
    Set<Pair> pairs = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (isMatch(all.get(i), all.get(j), reach, radius)
            && !later(all.get(i), all.get(j)).muted()) {
          pairs.add(Pair.of(all.get(i).revision(), all.get(j).revision()));
        }
      }
    }
    return pairs;
  }

  static boolean isMatch(Version a, Version b, Reach reach, int radius) {
    if (reach == Reach.CODES && a.code().distance(b.code()) > radius) {
      return false;
    }
    return a.content().equals(b.content()) || a.fingerprint().distance(b.fingerprint()) <= 31;
  }

  static Version later(Version a, Version b) {
    if (a.time() != b.time()) {
      return a.time() > b.time() ? a : b;
    }
    return IdOrder.COMPARATOR.compare(a.id(), b.id()) > 0 ? a : b;
  }

  World world() {
    return world;
  }

  /// Two revisions in no order.
  record Pair(Set<SourceCoordinate> revisions) {
    static Pair of(SourceCoordinate a, SourceCoordinate b) {
      return new Pair(Set.of(a, b));
    }
  }
}
