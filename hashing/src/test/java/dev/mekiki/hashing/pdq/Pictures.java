package dev.mekiki.hashing.pdq;

import java.awt.image.BufferedImage;
import java.util.List;

/// Fingerprints of decoded pictures.
final class Pictures {
  private Pictures() {}

  static Fingerprint fingerprint(BufferedImage image) {
    return fingerprints(image, List.of(Turn.NONE)).getFirst();
  }

  static List<Fingerprint> fingerprints(BufferedImage image, List<Turn> turns) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    float[] luminance = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = pixels[i];
      luminance[i] =
          0.299f * (pixel >> 16 & 0xFF) + 0.587f * (pixel >> 8 & 0xFF) + 0.114f * (pixel & 0xFF);
    }
    return PdqHasher.hashes(luminance, width, height, turns);
  }
}
