package dev.mekiki.encoding.preprocess;

import java.util.List;
import java.util.Set;

/// How decoded pixels become the network's input: part of the network and of its id.
///
/// The picture is shrunk (or stretched) to a square, whatever its aspect ratio; colour comes first,
/// so that a grey copy of a picture gives the same luma.
///
/// @param version rules this record is to be read by, {@link #AREA_AVERAGING} to {@link #VERSION};
///   they differ in {@link #resizing} and {@link #cutsViews}
/// @param inputSize side of the square in pixels
/// @param colour what the channels are
/// @param standardisation what is subtracted and what it is divided by
/// @param mean for {@link Standardisation#DATASET}: one for each channel, of values 0..1; else none
/// @param deviation like `mean`
/// @param views what the outputs are averaged over, at least one, without repeats
public record Preprocessing(
    int version,
    int inputSize,
    Colour colour,
    Standardisation standardisation,
    List<Float> mean,
    List<Float> deviation,
    List<View> views) {
  /// The first: area averaging alone, by which small pictures are enlarged to blocks.
  public static final int AREA_AVERAGING = 1;

  /// Area averaging shrinks, and what is too small is enlarged bilinearly.
  public static final int BILINEAR = 2;

  /// The newest: trimmed views are cut out of the picture before it is resized, which leaves them
  /// as sharp as the whole; where they would have to be enlarged, they show the whole.
  public static final int VERSION = 3;

  public Preprocessing {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    views = List.copyOf(views);
    if (version < AREA_AVERAGING || version > VERSION) {
      throw new IllegalArgumentException(
          "preprocessing version: %d (expected: %d..%d; a newer Mekiki may read it)"
              .formatted(version, AREA_AVERAGING, VERSION));
    }
    if (inputSize < 8 || inputSize > 1024) {
      throw new IllegalArgumentException("input size: %d (expected: 8..1024)".formatted(inputSize));
    }
    int constants = standardisation == Standardisation.DATASET ? colour.channels() : 0;
    if (mean.size() != constants || deviation.size() != constants) {
      throw new IllegalArgumentException(
          "mean and deviation: %d and %d values (expected: %d each for %s, %s)"
              .formatted(mean.size(), deviation.size(), constants, colour, standardisation));
    }
    if (deviation.stream().anyMatch(value -> !(value > 0))) {
      throw new IllegalArgumentException("deviation: " + deviation + " (expected: all above 0)");
    }
    if (views.isEmpty() || Set.copyOf(views).size() != views.size()) {
      throw new IllegalArgumentException(
          "views: " + views + " (expected: at least one, without repeats)");
    }
  }

  /// Luma, each picture standardised by its own mean and deviation: what a grey copy and a linear
  /// change of brightness do not move at all. Outputs are averaged over the picture and its mirror
  /// image, which makes codes both better and steadier for twice the work.
  public static Preprocessing luma(int inputSize) {
    return new Preprocessing(
        AREA_AVERAGING,
        inputSize,
        Colour.LUMA,
        Standardisation.IMAGE,
        List.of(),
        List.of(),
        List.of(View.WHOLE, View.MIRRORED));
  }

  /// Red, green and blue, all standardised by the picture's own mean and deviation: what a linear
  /// change of brightness does not move, while the tint stays. Averaged over the same views as
  /// {@link #luma}.
  public static Preprocessing rgb(int inputSize) {
    return new Preprocessing(
        AREA_AVERAGING,
        inputSize,
        Colour.RGB,
        Standardisation.IMAGE,
        List.of(),
        List.of(),
        List.of(View.WHOLE, View.MIRRORED));
  }

  /// What most networks trained on photos read: red, green and blue from -1 to 1. The whole picture
  /// alone is looked at: where the network takes nearly all of the time, a second view would double
  /// it.
  public static Preprocessing backbone(int inputSize) {
    return new Preprocessing(
        BILINEAR,
        inputSize,
        Colour.RGB,
        Standardisation.DATASET,
        List.of(0.5f, 0.5f, 0.5f),
        List.of(0.5f, 0.5f, 0.5f),
        List.of(View.WHOLE));
  }

  /// How pictures become a square of the input size.
  public Resizing resizing() {
    return version == AREA_AVERAGING ? Resizing.AREA : Resizing.AREA_OR_BILINEAR;
  }

  /// Whether trimmed views are cut out of the picture, where that leaves no less than the input, or
  /// else show the whole; rather than out of what it was resized to.
  public boolean cutsViews() {
    return version >= VERSION;
  }

  /// The same with luma for its colours.
  ///
  /// @throws IllegalArgumentException where constants of the training set stand for each channel
  public Preprocessing inLuma() {
    return new Preprocessing(
        version, inputSize, Colour.LUMA, standardisation, mean, deviation, views);
  }

  /// The same with outputs averaged over other views; by the newest rules where one is trimmed.
  public Preprocessing over(List<View> others) {
    int rules = others.stream().anyMatch(view -> view.trim() > 0) ? VERSION : version;
    return new Preprocessing(rules, inputSize, colour, standardisation, mean, deviation, others);
  }

  /// Floats of one view: channels x input size x input size.
  public int viewLength() {
    return colour.channels() * inputSize * inputSize;
  }

  /// What the channels of the input are.
  public enum Colour {
    /// 0.299 R + 0.587 G + 0.114 B.
    LUMA(1),
    /// Red, green, blue.
    RGB(3);

    private final int channels;

    Colour(int channels) {
      this.channels = channels;
    }

    public int channels() {
      return channels;
    }
  }

  /// What brings pixel values to the range the network was trained on.
  public enum Standardisation {
    /// Subtract the mean of the view's own values and divide by their deviation (but by no less
    /// than a grey level or so: a flat picture stays flat).
    IMAGE,
    /// Subtract and divide by constants of the training set.
    DATASET
  }

  /// What the network looks at; its outputs are averaged over the views. Trimmed ones are the
  /// picture without a share of its width and height on each side: what a copy has lost at its
  /// edges, or had written over them, is lost to the original there too. Shifted ones look a
  /// sixteenth of the side past two edges, where the picture is reflected: what moves within a copy
  /// has moved in some view of the original, too.
  public enum View {
    /// The whole picture.
    WHOLE(0, 0, false),
    /// Its mirror image.
    MIRRORED(0, 0, true),
    /// The whole picture, smoothed by a 3 x 3 binomial filter at input size.
    SMOOTHED(0, 0, false),
    /// Without 6 % on each side.
    TRIMMED_6(0.06f, 0, false),
    /// Its mirror image.
    TRIMMED_6_MIRRORED(0.06f, 0, true),
    /// Without 12 % on each side.
    TRIMMED_12(0.12f, 0, false),
    /// Its mirror image.
    TRIMMED_12_MIRRORED(0.12f, 0, true),
    /// Without 18 % on each side.
    TRIMMED_18(0.18f, 0, false),
    /// Its mirror image.
    TRIMMED_18_MIRRORED(0.18f, 0, true),
    /// Past the upper and the left edge.
    SHIFTED_UP(0, -1, false),
    /// Its mirror image.
    SHIFTED_UP_MIRRORED(0, -1, true),
    /// Past the lower and the right edge.
    SHIFTED_DOWN(0, 1, false),
    /// Its mirror image.
    SHIFTED_DOWN_MIRRORED(0, 1, true);

    private final float trim;
    private final int sixteenths;
    private final boolean mirrored;

    View(float trim, int sixteenths, boolean mirrored) {
      this.trim = trim;
      this.sixteenths = sixteenths;
      this.mirrored = mirrored;
    }

    /// Share of the width, and of the height, that is trimmed off each side.
    float trim() {
      return trim;
    }

    /// How far down and to the right it looks, in sixteenths of the input size.
    int sixteenths() {
      return sixteenths;
    }

    /// Whether left and right change places, at last.
    boolean mirrored() {
      return mirrored;
    }
  }
}
