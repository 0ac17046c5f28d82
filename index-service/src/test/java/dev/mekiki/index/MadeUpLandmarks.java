package dev.mekiki.index;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.landmark.Landmark;
import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.PatchHasher;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import dev.mekiki.hashing.pdq.Turn;
import dev.mekiki.hashing.turned.Region;
import dev.mekiki.hashing.turned.SoughtFingerprints;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ImageLandmarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Images with landmarks.
public final class MadeUpLandmarks {
  private static final int LANDMARKS = 12;

  private MadeUpLandmarks() {}

  /// An image: what it shows, and the bytes and offset of its revision.
  ///
  /// @param hashCode of the image
  /// @param picture what it shows: images of one number share all landmarks
  public static ImageLandmarks showing(
      HashCode hashCode, int picture, String content, long offset) {
    List<Landmark> shown = landmarks(picture);
    // Fingerprints of different contents have nothing in common.
    HashCode fingerprint = World.fingerprint(new Random(content.hashCode()));
    ImageCode code = World.image(hashCode, fingerprint, content, offset).build();
    return ImageLandmarks.newBuilder()
        .setImage(
            CopyImage.newBuilder()
                .setRevision(code.getSource())
                .setSha256(code.getSha256())
                .setHashCode(code.getHashCode())
                .setFingerprint(code.getFingerprint())
                .setFingerprintQuality(100)
                .setWidth(400)
                .setHeight(300)
                .setImageTime(code.getImageTime())
                .setEncodedTime(code.getEncodedTime()))
        .setStored(ByteString.copyFrom(StoredLandmarks.of(shown).toBytes()))
        .setSought(ByteString.copyFrom(SoughtLandmarks.of(shown).toBytes()))
        .build();
  }

  /// An image that also looks for the fingerprints of its picture in all turns.
  ///
  /// @param turn in which the picture has the fingerprint of another image; in all others it has
  ///   those that no image has
  public static ImageLandmarks turned(ImageLandmarks image, Turn turn, ImageLandmarks other) {
    return withFingerprints(image, part(Region.WHOLE, turn, other.getImage().getFingerprint()));
  }

  /// An image with a border that looks for the fingerprints of what lies within, too.
  ///
  /// @param turn in which what lies within has the fingerprint of another image
  public static ImageLandmarks framed(
      ImageLandmarks image, Region region, Turn turn, ImageLandmarks other) {
    return withFingerprints(
        image,
        part(Region.WHOLE, Turn.NONE, image.getImage().getFingerprint()),
        part(region, turn, other.getImage().getFingerprint()));
  }

  private static ImageLandmarks withFingerprints(
      ImageLandmarks image, SoughtFingerprints.Part... parts) {
    return image.toBuilder()
        .setSoughtFingerprints(
            ByteString.copyFrom(new SoughtFingerprints(List.of(parts)).toBytes()))
        .build();
  }

  private static SoughtFingerprints.Part part(Region region, Turn turn, ByteString fingerprint) {
    Random random = new Random(fingerprint.hashCode());
    List<HashCode> codes = new ArrayList<>();
    for (Turn one : SoughtFingerprints.turns()) {
      codes.add(
          one == turn ? HashCode.fromBytes(fingerprint.toByteArray()) : World.fingerprint(random));
    }
    return new SoughtFingerprints.Part(region, codes);
  }

  private static List<Landmark> landmarks(int picture) {
    Random random = new Random(picture);
    List<Landmark> landmarks = new ArrayList<>();
    for (int i = 0; i < LANDMARKS; i++) {
      Frame frame =
          new Frame(
              20 + 200 * random.nextFloat(),
              20 + 200 * random.nextFloat(),
              5 + 20 * random.nextFloat(),
              6 * random.nextFloat());
      landmarks.add(new Landmark(frame, hash(random), hash(random)));
    }
    return landmarks;
  }

  private static PatchHash hash(Random random) {
    return new PatchHash(
        HashCode.of(PatchHasher.BITS, random.nextLong(), random.nextLong(), random.nextLong()), 0);
  }
}
