package dev.mekiki.training.augmentation;

import dev.mekiki.encoding.preprocess.Luma;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessor;
import java.util.List;
import java.util.Random;

/// Augmented views of training pictures, as the network reads them. Not thread-safe.
///
/// Labelled pictures are cropped and mirrored by chance, and a share of them is edited the way that
/// copies of pictures are: trimmed at their edges, captioned, smoothed, brighter or darker with
/// clipping, another gamma, grey, a shift of less than a pixel as resizing leaves it, noise as JPEG
/// leaves it.
///
/// *Negatives* are pictures of no class, composed of flat shapes and pieces of training pictures,
/// or a training picture as it is, in two views: plain and edited. They teach the network to give
/// both views one code, and different negatives different codes, on pictures unlike its training
/// data.
public final class AugmentedViews {
  /// Pixels that a crop may be off the middle.
  public static final int MARGIN = 4;

  /// Of the width and of the height, what trimming takes off at most.
  private static final float MAX_TRIMMED = 0.1f;

  private final Preprocessing preprocessing;
  private final Preprocessor preprocessor;
  private final Random random;
  private final float editShare;
  private final int size;
  private final int channels;

  /// @param editShare of the labelled pictures that are edited, 0 to 1
  public AugmentedViews(Preprocessing preprocessing, Random random, float editShare) {
    this.preprocessing = preprocessing;
    this.preprocessor = new Preprocessor(preprocessing);
    this.random = random;
    this.editShare = editShare;
    this.size = preprocessing.inputSize();
    this.channels = preprocessing.colour().channels();
  }

  /// Writes one view of a picture.
  ///
  /// @param picture side x side x (red, green, blue), the side being the input size
  /// @param target where it goes, from `offset` on
  public void labelled(byte[] picture, float[] target, int offset) {
    preprocessor.standardise(perhapsEdited(cropped(picture)), target, offset);
  }

  /// Writes two views of a picture, cropped and mirrored alike: plain and edited.
  ///
  /// @param picture as in {@link #labelled}
  /// @param target where the plain view goes, from `plainOffset` on, and the edited one
  public void pair(byte[] picture, float[] target, int plainOffset, int editedOffset) {
    float[] pixels = cropped(picture);
    preprocessor.standardise(pixels, target, plainOffset);
    preprocessor.standardise(edited(pixels), target, editedOffset);
  }

  /// A picture as it is.
  ///
  /// @param picture as in {@link #labelled}
  /// @return a plane set
  public float[] plain(byte[] picture) {
    return pixels(picture, 0, 0, false);
  }

  /// An edited copy of a picture, neither cropped nor mirrored.
  ///
  /// @param picture as in {@link #labelled}
  /// @return a plane set
  public float[] editedCopy(byte[] picture) {
    return edited(plain(picture));
  }

  /// Writes both augmented views of a negative.
  ///
  /// @param pictures to take pieces of; of the input size, as in {@link #labelled}
  /// @param target where the plain view goes, from `plainOffset` on, and the edited one
  public void negative(List<byte[]> pictures, float[] target, int plainOffset, int editedOffset) {
    float[] negative;
    if (random.nextFloat() < 0.25f) {
      negative = cropped(pictures.get(random.nextInt(pictures.size())));
    } else {
      negative = background(pictures);
      int shapes = random.nextInt(9);
      for (int i = 0; i < shapes; i++) {
        paint(negative, background(pictures));
      }
    }
    preprocessor.standardise(negative, target, plainOffset);
    preprocessor.standardise(edited(negative), target, editedOffset);
  }

  /// A training picture, perhaps inverted, or a flat shade or slope of shades.
  private float[] background(List<byte[]> pictures) {
    float[] pixels;
    if (random.nextFloat() < 0.35f) {
      pixels = cropped(pictures.get(random.nextInt(pictures.size())));
      if (random.nextBoolean()) {
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = 255 - pixels[i];
        }
      }
    } else {
      pixels = new float[preprocessing.viewLength()];
      boolean flat = random.nextBoolean();
      for (int c = 0; c < channels; c++) {
        float middle = between(0, 255);
        float slopeX = flat ? 0 : between(-6, 6);
        float slopeY = flat ? 0 : between(-6, 6);
        for (int y = 0; y < size; y++) {
          for (int x = 0; x < size; x++) {
            pixels[(y * size + x) * channels + c] =
                Math.clamp(middle + slopeX * (x - size / 2f) + slopeY * (y - size / 2f), 0, 255);
          }
        }
      }
    }
    return pixels;
  }

  /// Paints a random box or ellipse onto a picture, with soft edges as shrinking leaves them.
  private void paint(float[] pixels, float[] filling) {
    boolean box = random.nextBoolean();
    float middleX = between(0, size);
    float middleY = between(0, size);
    float radiusX = between(1, size / 3f);
    float radiusY = between(1, size / 3f);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        float offX = Math.abs(x + 0.5f - middleX);
        float offY = Math.abs(y + 0.5f - middleY);
        float inside =
            box
                ? Math.min(radiusX - offX, radiusY - offY)
                : (1 - (float) Math.hypot(offX / radiusX, offY / radiusY))
                    * Math.min(radiusX, radiusY);
        float cover = Math.clamp(inside + 0.5f, 0, 1);
        for (int c = 0; c < channels; c++) {
          int i = (y * size + x) * channels + c;
          pixels[i] += cover * (filling[i] - pixels[i]);
        }
      }
    }
  }

  /// The input that serving would make of the picture, all views of it.
  public float[] serving(byte[] picture) {
    return preprocessor.input(plain(picture));
  }

  /// A picture, off the middle and mirrored by chance, its border reflected.
  ///
  /// @param picture as in {@link #labelled}
  /// @return a plane set
  public float[] cropped(byte[] picture) {
    return pixels(
        picture,
        random.nextInt(2 * MARGIN + 1) - MARGIN,
        random.nextInt(2 * MARGIN + 1) - MARGIN,
        random.nextBoolean());
  }

  private float[] pixels(byte[] picture, int shiftX, int shiftY, boolean mirrored) {
    float[] pixels = new float[preprocessing.viewLength()];
    int target = 0;
    for (int y = 0; y < size; y++) {
      int sourceY = Preprocessor.reflect(y + shiftY, size);
      for (int x = 0; x < size; x++) {
        int sourceX = Preprocessor.reflect((mirrored ? size - 1 - x : x) + shiftX, size);
        int source = 3 * (sourceY * size + sourceX);
        int red = picture[source] & 0xFF;
        int green = picture[source + 1] & 0xFF;
        int blue = picture[source + 2] & 0xFF;
        switch (preprocessing.colour()) {
          case LUMA -> pixels[target++] = Luma.of(red, green, blue);
          case RGB -> {
            pixels[target++] = red;
            pixels[target++] = green;
            pixels[target++] = blue;
          }
        }
      }
    }
    return pixels;
  }

  /// An edited copy of a plane set for the share of those that are edited, else itself.
  public float[] perhapsEdited(float[] pixels) {
    return random.nextFloat() < editShare ? edited(pixels) : pixels;
  }

  /// An edited copy of a plane set.
  public float[] edited(float[] crop) {
    float[] pixels = crop.clone();
    if (random.nextFloat() < 0.5f) {
      pixels = preprocessor.smooth(pixels, random.nextFloat());
    }
    if (random.nextFloat() < 0.7f) {
      pixels = trimAndShift(pixels);
    }
    if (random.nextFloat() < 0.3f) {
      caption(pixels);
    }
    if (random.nextFloat() < 0.7f) {
      float factor = between(0.7f, 1.35f);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = Math.min(255, pixels[i] * factor);
      }
    }
    if (random.nextFloat() < 0.3f) {
      PlaneSets.gamma(pixels, between(0.75f, 1.3f));
    }
    if (channels == 3 && random.nextFloat() < 0.2f) {
      grey(pixels);
    }
    if (random.nextFloat() < 0.6f) {
      PlaneSets.addNoise(pixels, between(0, 6), random);
    }
    return pixels;
  }

  private static void grey(float[] pixels) {
    for (int i = 0; i < pixels.length; i += 3) {
      float luma =
          Luma.of(Math.round(pixels[i]), Math.round(pixels[i + 1]), Math.round(pixels[i + 2]));
      pixels[i] = luma;
      pixels[i + 1] = luma;
      pixels[i + 2] = luma;
    }
  }

  /// Takes a part of the width and of the height off, more of it on one side than on the other, and
  /// stretches the rest to the full size, off by parts of a pixel as resizing leaves it.
  private float[] trimAndShift(float[] pixels) {
    float trimmedX = random.nextBoolean() ? between(0, MAX_TRIMMED) * size : 0;
    float trimmedY = random.nextBoolean() ? between(0, MAX_TRIMMED) * size : 0;
    return preprocessor.resample(
        pixels,
        1 - trimmedX / size,
        1 - trimmedY / size,
        random.nextFloat() * trimmedX + between(-0.4f, 0.4f),
        random.nextFloat() * trimmedY + between(-0.4f, 0.4f));
  }

  /// Writes a line of text as it looks once shrunk to the input size: letters are no larger than a
  /// few pixels of 32, so that each pixel is some mixture of ink, rim and what lies behind.
  private void caption(float[] pixels) {
    float height = between(1.5f, 5) * size / 32;
    float width = between(0.3f, 1) * size;
    float top = random.nextFloat() * (size - height);
    float left = random.nextFloat() * (size - width);
    float ink = random.nextFloat() < 0.6f ? 255 : between(0, 255);
    float rim = random.nextFloat() < 0.6f ? 255 - ink : ink;
    float letter = height * between(0.5f, 0.9f);
    boolean[] blank = new boolean[size + 1];
    for (int i = 0; i < blank.length; i++) {
      blank[i] = random.nextFloat() < 0.15f;
    }
    for (int y = (int) top; y < Math.min(size, top + height); y++) {
      float coverY = Math.min(y + 1, top + height) - Math.max(y, top);
      for (int x = (int) left; x < Math.min(size, left + width); x++) {
        if (blank[Math.min(size, (int) (Math.max(0, x - left) / letter))]) {
          continue;
        }
        float coverX = Math.min(x + 1, left + width) - Math.max(x, left);
        float cover = coverX * coverY * between(0.2f, 1);
        float share = between(0.2f, 0.9f);
        float shade = share * ink + (1 - share) * rim;
        for (int c = 0; c < channels; c++) {
          int i = (y * size + x) * channels + c;
          pixels[i] += cover * (shade - pixels[i]);
        }
      }
    }
  }

  private float between(float min, float max) {
    return min + (max - min) * random.nextFloat();
  }
}
