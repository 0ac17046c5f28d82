package dev.mekiki.index;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.landmark.Landmark;
import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.PatchHasher;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
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
        HashCode.of(
            PatchHasher.BITS,
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong()),
        0);
  }
}
