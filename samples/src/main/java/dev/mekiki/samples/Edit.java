package dev.mekiki.samples;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.List;

/// What was done to a picture to make another file of it. Every edit leaves the composition as it
/// is: the fingerprint is made to see through exactly these.
enum Edit {
  /// Three fifths of the width and height.
  RESIZED(0.9f) {
    @Override
    BufferedImage apply(BufferedImage image) {
      int width = Math.max(1, image.getWidth() * 3 / 5);
      int height = Math.max(1, image.getHeight() * 3 / 5);
      BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = small.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      graphics.drawImage(image, 0, 0, width, height, null);
      graphics.dispose();
      return small;
    }
  },

  /// Saved again as a JPEG of quality 40.
  JPEG_40(0.4f) {
    @Override
    BufferedImage apply(BufferedImage image) {
      return image;
    }
  },

  /// A fifth brighter, clipped at white.
  BRIGHTER(0.9f) {
    @Override
    BufferedImage apply(BufferedImage image) {
      return recoloured(
          image,
          rgb ->
              Canvas.channel((rgb >> 16 & 0xFF) * 1.2) << 16
                  | Canvas.channel((rgb >> 8 & 0xFF) * 1.2) << 8
                  | Canvas.channel((rgb & 0xFF) * 1.2));
    }
  },

  /// A Gaussian of about 1.5 pixels at a width of 480, in proportion at others.
  BLURRED(0.9f) {
    @Override
    BufferedImage apply(BufferedImage image) {
      double sigma = Math.max(0.7, 1.5 * image.getWidth() / Scene.WIDTH);
      int reach = (int) Math.ceil(2.5 * sigma);
      float[] weights = new float[2 * reach + 1];
      float sum = 0;
      for (int i = 0; i < weights.length; i++) {
        double distance = i - reach;
        weights[i] = (float) StrictMath.exp(-distance * distance / (2 * sigma * sigma));
        sum += weights[i];
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= sum;
      }
      // ConvolveOp leaves the rim black or untouched: work on a copy with a repeated rim.
      BufferedImage framed = framed(image, reach);
      BufferedImage rows =
          new ConvolveOp(new Kernel(weights.length, 1, weights), ConvolveOp.EDGE_NO_OP, null)
              .filter(framed, null);
      BufferedImage both =
          new ConvolveOp(new Kernel(1, weights.length, weights), ConvolveOp.EDGE_NO_OP, null)
              .filter(rows, null);
      return recoloured(
          both.getSubimage(reach, reach, image.getWidth(), image.getHeight()), rgb -> rgb);
    }
  },

  /// Luminance alone.
  GREY(0.9f) {
    @Override
    BufferedImage apply(BufferedImage image) {
      return recoloured(
          image,
          rgb ->
              Canvas.channel(
                      0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF))
                  * 0x010101);
    }
  };

  static final List<Edit> ALL = List.of(values());

  private final float jpegQuality;

  Edit(float jpegQuality) {
    this.jpegQuality = jpegQuality;
  }

  /// The edited picture; the given one is not changed.
  abstract BufferedImage apply(BufferedImage image);

  /// The JPEG of the edited picture.
  byte[] encode(BufferedImage image) {
    return JpegFile.encode(apply(image), jpegQuality);
  }

  private static BufferedImage framed(BufferedImage image, int rim) {
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage framed =
        new BufferedImage(width + 2 * rim, height + 2 * rim, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < framed.getHeight(); y++) {
      int sourceY = Math.clamp(y - rim, 0, height - 1);
      for (int x = 0; x < framed.getWidth(); x++) {
        framed.setRGB(x, y, image.getRGB(Math.clamp(x - rim, 0, width - 1), sourceY));
      }
    }
    return framed;
  }

  private static BufferedImage recoloured(BufferedImage image, PixelChange change) {
    BufferedImage result =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int x = 0; x < row.length; x++) {
        row[x] = change.of(row[x]);
      }
      result.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return result;
  }

  private interface PixelChange {
    int of(int rgb);
  }
}
