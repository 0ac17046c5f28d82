package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import java.util.Arrays;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/// What two hashes of the whole picture would find of a copy: PDQ within 31 of 256 bits, and pHash
/// within 10 of 64, each of the picture as it is. For one thread.
final class Baselines {
  private static final int MAX_BYTES = 64 << 20;
  private static final long MAX_PIXELS = 100_000_000;
  private static final int PHASH_RADIUS = 10;
  private static final int PHASH_SIDE = 32;
  private static final int PHASH_LOW = 8;

  private final ImageDecoder decoder = new ImageDecoder(MAX_BYTES, MAX_PIXELS);

  /// The hashes of a picture.
  ///
  /// @param phash 63 bits: the lowest frequencies of the cosine transform of 32 x 32 pixels against
  ///   their median, without the constant one
  record Hashes(Fingerprint pdq, long phash) {
    boolean isNearByPdq(Hashes other) {
      return pdq.distance(other.pdq) <= MatchPolicy.RECOMMENDED_FINGERPRINT_RADIUS;
    }

    boolean isNearByPhash(Hashes other) {
      return Long.bitCount(phash ^ other.phash) <= PHASH_RADIUS;
    }
  }

  Hashes of(byte[] file) throws BadImageException {
    try (DecodedImage image = decoder.decode(file)) {
      Mat bgr = image.bgr();
      return new Hashes(
          PdqHasher.hash(image.luminance(), bgr.cols(), bgr.rows()), phash(image.luma()));
    }
  }

  private static long phash(Mat luma) {
    try (Mats mats = new Mats()) {
      Mat small = mats.add();
      Imgproc.resize(luma, small, new Size(PHASH_SIDE, PHASH_SIDE), 0, 0, Imgproc.INTER_AREA);
      Mat floats = mats.add();
      small.convertTo(floats, CvType.CV_32F);
      Mat transform = mats.add();
      Core.dct(floats, transform);
      float[] all = new float[PHASH_SIDE * PHASH_SIDE];
      transform.get(0, 0, all);
      float[] low = new float[PHASH_LOW * PHASH_LOW - 1];
      for (int i = 0; i < low.length; i++) {
        int at = i + 1;
        low[i] = all[at / PHASH_LOW * PHASH_SIDE + at % PHASH_LOW];
      }
      float[] sorted = low.clone();
      Arrays.sort(sorted);
      long bits = 0;
      for (int i = 0; i < low.length; i++) {
        bits |= low[i] > sorted[low.length / 2] ? 1L << i : 0;
      }
      return bits;
    }
  }
}
