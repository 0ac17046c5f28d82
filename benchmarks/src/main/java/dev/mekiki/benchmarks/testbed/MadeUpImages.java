package dev.mekiki.benchmarks.testbed;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.benchmarks.data.CodeSet;
import dev.mekiki.benchmarks.data.Fingerprints;
import dev.mekiki.benchmarks.data.Flips;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Numbered images as an encoder would have written them. Some are copies of an earlier one, and no
/// image has two copies, so the number of pairs is known.
///
/// The images of the first half are all different; then image `half + i` may be a copy of image
/// `i`. Images after those start over, with partners of the second half that are no copies.
public final class MadeUpImages {
  /// Content hash of a network that made all codes.
  public static final String NETWORK = "b".repeat(64);

  /// Share of images of the second half that are copies.
  static final double COPIES = 0.05;

  private static final int NONE = -1;
  private static final int FINGERPRINT_FLIPS = 20;
  private static final int ID_PARTITIONS = 8;

  private final CodeSet codes;
  private final int first;
  private final int codeFlips;
  private final Fingerprints fingerprints;
  private final int[] partners;
  private final int flood;

  /// @param codes of every image there will be
  /// @param first number of images of the first run; the others belong to later runs
  /// @param codeFlips largest distance between the codes of a copy and its original
  public MadeUpImages(CodeSet codes, int first, int codeFlips, long seed) {
    this(codes, first, codeFlips, seed, codes.size());
  }

  /// @param codes of every image there will be
  /// @param first number of images of the first run; the others belong to later runs
  /// @param codeFlips largest distance between the codes of a copy and its original
  /// @param flood images from this number on have the bytes of image 0; they are not called copies
  public MadeUpImages(CodeSet codes, int first, int codeFlips, long seed, int flood) {
    this.flood = flood;
    this.codes = codes;
    this.first = first;
    this.codeFlips = codeFlips;
    this.fingerprints = new Fingerprints(seed);
    this.partners = new int[codes.size()];
    SplittableRandom random = new SplittableRandom(seed);
    int half = first / 2;
    int unused = half;
    for (int i = 0; i < codes.size(); i++) {
      boolean isCopy = i >= half && i < flood && random.nextDouble() < COPIES;
      if (i < first) {
        partners[i] = isCopy && i - half < half ? i - half : NONE;
        continue;
      }
      while (unused < first && partners[unused] != NONE) {
        unused++;
      }
      partners[i] = isCopy && unused < first ? unused++ : NONE;
    }
  }

  /// Number of images.
  public int size() {
    return codes.size();
  }

  /// Number of images of the first run.
  public int first() {
    return first;
  }

  /// True if an image's arrival makes a match.
  public boolean isCopy(int number) {
    return partners[number] != NONE;
  }

  /// The image that a copy is one of.
  ///
  /// @throws IllegalArgumentException if the image is no copy
  public int original(int number) {
    if (!isCopy(number)) {
      throw new IllegalArgumentException("image %d is no copy".formatted(number));
    }
    return partners[number];
  }

  /// Number of copies from one number to below another.
  public int copies(int from, int to) {
    int copies = 0;
    for (int i = from; i < to; i++) {
      copies += isCopy(i) ? 1 : 0;
    }
    return copies;
  }

  public HashCode code(int number) {
    if (number >= flood) {
      return code(0);
    }
    return isCopy(number)
        ? Flips.upTo(codeFlips, codes.code(partners[number]), new SplittableRandom(number))
        : codes.code(number);
  }

  public Fingerprint fingerprint(int number) {
    if (number >= flood) {
      return fingerprint(0);
    }
    return isCopy(number)
        ? fingerprints.near(
            partners[number], FINGERPRINT_FLIPS, new SplittableRandom(~(long) number))
        : fingerprints.of(number);
  }

  /// 32 bytes that no other image has.
  public static ByteString sha256(int number) {
    return ByteString.copyFrom(ByteBuffer.allocate(32).putInt(number).rewind());
  }

  /// Its coordinate on `images`.
  public static SourceCoordinate source(int number) {
    return SourceCoordinate.newBuilder()
        .setTopic("images")
        .setPartition(number % ID_PARTITIONS)
        .setOffset(number)
        .build();
  }

  /// The record that an encoder writes, as of now, without a thumbnail.
  public ImageCode record(int number) {
    long now = System.currentTimeMillis();
    ByteString fingerprint = ByteString.copyFrom(fingerprint(number).code().toBytes());
    return ImageCode.newBuilder()
        .setHashCode(ByteString.copyFrom(code(number).toBytes()))
        .setInstanceCode(fingerprint)
        .setFingerprint(fingerprint)
        .setFingerprintQuality(100)
        .setSha256(sha256(number < flood ? number : 0))
        .setWidth(640)
        .setHeight(480)
        .setSource(source(number))
        .setContentType("image/jpeg")
        .setSizeBytes(50_000)
        .setImageTime(Timestamps.fromMillis(now))
        .setEncodedTime(Timestamps.fromMillis(now))
        .setNetwork(NETWORK)
        .build();
  }
}
