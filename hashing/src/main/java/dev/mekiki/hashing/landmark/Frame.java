package dev.mekiki.hashing.landmark;

/// Where a landmark lies in its picture, how large it is and how it is turned. Coordinates are
/// those of the picture scaled to a longest side of {@link #PICTURE_SIDE}, x to the right, y down.
///
/// @param x of the centre, 0 to 256
/// @param y of the centre, 0 to 256
/// @param size diameter, 1 to 250
/// @param angle of its main direction, in radians, from x towards y
public record Frame(float x, float y, float size, float angle) {
  /// Longest side of the picture that coordinates refer to, in pixels.
  public static final int PICTURE_SIDE = 256;

  /// Steps of a turn, and of each other part of a packed frame.
  static final int STEPS = 256;

  static final int STEPS_PER_OCTAVE = 32;
  private static final double TURN = 2 * Math.PI;

  /// Sizes by step.
  private static final float[] SIZES = new float[STEPS];

  static {
    for (int step = 0; step < STEPS; step++) {
      SIZES[step] = (float) Math.pow(2, step / (double) STEPS_PER_OCTAVE);
    }
  }

  /// The frame in 4 bytes: x and y in steps of a pixel, the size in steps of 1/32 of an octave, the
  /// angle in steps of 1/256 of a turn.
  public int pack() {
    int octaves = (int) Math.round(Math.log(size) / Math.log(2) * STEPS_PER_OCTAVE);
    int turned = Math.floorMod(Math.round(angle / TURN * STEPS), STEPS);
    return step(x) | step(y) << 8 | Math.clamp(octaves, 0, STEPS - 1) << 16 | turned << 24;
  }

  private static int step(float coordinate) {
    return Math.clamp((int) coordinate, 0, STEPS - 1);
  }

  /// The frame that {@link #pack} has written, within half a step.
  public static Frame unpack(int packed) {
    return new Frame(
        (packed & 0xFF) + 0.5f,
        (packed >>> 8 & 0xFF) + 0.5f,
        SIZES[sizeSteps(packed)],
        (float) (angleSteps(packed) * TURN / STEPS));
  }

  /// The size of a packed frame, in steps of 1/32 of an octave.
  static int sizeSteps(int packed) {
    return packed >>> 16 & 0xFF;
  }

  /// The angle of a packed frame, in steps of 1/256 of a turn.
  static int angleSteps(int packed) {
    return packed >>> 24;
  }
}
