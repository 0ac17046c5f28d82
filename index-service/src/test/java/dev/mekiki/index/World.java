package dev.mekiki.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A made-up generation and images for it.
///
/// @param geometry the generation
public record World(GenerationGeometry geometry) {
  public static final int BITS = 64;
  public static final String NETWORK = "0123456789abcdef0123456789abcdef";
  public static final String IMAGES = "images";

  /// A world of random centers, dealt to partitions in turn: near ones need not share a partition.
  public static World random(Random random, int centers, int partitions) {
    List<HashCode> codes = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<Integer> assignment = new ArrayList<>();
    for (int center = 0; center < centers; center++) {
      codes.add(HashCode.of(BITS, random.nextLong()));
      labels.add("class " + center);
      assignment.add(center % partitions);
    }
    return new World(
        new GenerationGeometry(
            "fedcba9876543210fedcba9876543210",
            NETWORK,
            new Routing(new CenterTable(BITS, codes, labels), partitions, assignment)));
  }

  /// The same world with every second bucket split over two partitions.
  public World splitting() {
    int count = geometry.partitions();
    List<List<Integer>> partitions = new ArrayList<>();
    for (List<Integer> of : geometry.routing().partitionsOfCenters()) {
      int next = (of.getFirst() + 1) % count;
      partitions.add(
          partitions.size() % 2 == 0 && next != of.getFirst()
              ? Stream.of(of.getFirst(), next).sorted().toList()
              : of);
    }
    return new World(
        new GenerationGeometry(
            geometry.id(),
            geometry.network(),
            Routing.split(geometry.centers(), count, partitions)));
  }

  /// The record that describes this generation, without its id.
  public Generation generation() {
    return GenerationGeometry.generation(NETWORK, geometry.routing()).build();
  }

  /// A code near a random center, each bit flipped with the given probability.
  public HashCode nearCenter(Random random, double flip) {
    CenterTable centers = geometry.centers();
    return flipped(centers.center(random.nextInt(centers.size())), random, flip);
  }

  /// A code with each bit flipped with the given probability.
  public static HashCode flipped(HashCode code, Random random, double flip) {
    long[] words = code.words();
    for (int bit = 0; bit < code.bits(); bit++) {
      if (random.nextDouble() < flip) {
        words[bit / Long.SIZE] ^= 1L << bit;
      }
    }
    return HashCode.of(code.bits(), words);
  }

  /// The code with its lowest bits flipped, at that distance.
  public static HashCode at(HashCode code, int distance) {
    long[] words = code.words();
    words[0] ^= (1L << distance) - 1;
    return HashCode.of(code.bits(), words);
  }

  /// A random fingerprint.
  public static HashCode fingerprint(Random random) {
    return HashCode.of(
        256, random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /// What an encoder would write of an image of this content.
  ///
  /// @param content stands for the bytes: equal texts have equal SHA-256
  /// @param offset on `images`, partition 0
  public static ImageCode.Builder image(
      HashCode code, HashCode fingerprint, String content, long offset) {
    return ImageCode.newBuilder()
        .setHashCode(ByteString.copyFrom(code.toBytes()))
        .setFingerprint(ByteString.copyFrom(fingerprint.toBytes()))
        .setFingerprintQuality(90)
        .setInstanceCode(ByteString.copyFrom(new byte[32]))
        .setSha256(sha256(content))
        .setWidth(32)
        .setHeight(32)
        .setSource(source(offset))
        .setContentType("image/png")
        .setImageTime(Timestamps.fromMillis(1_000_000 + offset))
        .setEncodedTime(Timestamps.fromMillis(1_000_010 + offset))
        .setNetwork(NETWORK);
  }

  /// What placement would make of it.
  public Placement.Builder placement(
      HashCode code, HashCode fingerprint, String content, long offset) {
    Home home = geometry.home(code, "");
    return Placement.newBuilder()
        .setRevision(source(offset))
        .setHashCode(ByteString.copyFrom(code.toBytes()))
        .setCenter(home.center())
        .setShell(home.shell())
        .setHomePartition(home.partition())
        .setFingerprint(ByteString.copyFrom(fingerprint.toBytes()))
        .setFingerprintQuality(90)
        .setSha256(sha256(content))
        .setImageTime(Timestamps.fromMillis(1_000_000 + offset))
        .setEncodedTime(Timestamps.fromMillis(1_000_010 + offset))
        .setPlacedTime(Timestamps.fromMillis(1_000_020 + offset));
  }

  public static SourceCoordinate source(long offset) {
    return SourceCoordinate.newBuilder().setTopic(IMAGES).setPartition(0).setOffset(offset).build();
  }

  private static ByteString sha256(String content) {
    try {
      return ByteString.copyFrom(
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
