package dev.mekiki.hashing.landmark;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Decides how many of the landmarks that two pictures seem to share lie as they must if one
/// picture shows the other, shifted, scaled, turned and perhaps mirrored.
///
/// Each pair of landmarks proposes the map that takes one frame to the other. A second pair agrees
/// with it if the map takes its centre close to where it lies, and if size and angle change alike;
/// how close grows with the distance between the two, because errors of size and angle do. The
/// proposal with most agreeing pairs wins. Pairs at one place count once: corners of one letter
/// prove no more than the letter.
///
/// Not thread-safe: an instance has buffers.
final class Voting {
  /// Of the position, in pixels at {@link Frame#PICTURE_SIDE}.
  private static final double POSITION = 0.02 * Frame.PICTURE_SIDE;

  /// Of the position, for each pixel of distance.
  private static final double POSITION_SLOPE = 0.25;

  private static final double MAX_SIZE_OCTAVES = 0.5;
  private static final double MAX_ANGLE = Math.toRadians(25);

  /// Landmarks within one square of this side, in pixels, are at one place.
  private static final int PLACE_SIDE = 4;

  private static final int PLACES = Frame.PICTURE_SIDE / PLACE_SIDE;

  /// From this many votes on, the map is fitted to all pairs that agree.
  private static final int FITTED_VOTES = 3;

  /// More pairs than this are not looked at: a repeated pattern makes thousands.
  static final int MAX_PAIRS = 256;

  private static final double LN_2 = Math.log(2);
  private static final double TURN = 2 * Math.PI;

  // The same limits in the steps of packed frames, rounded up.
  private static final int MAX_SIZE_STEPS =
      (int) Math.ceil(MAX_SIZE_OCTAVES * Frame.STEPS_PER_OCTAVE);
  private static final int MAX_ANGLE_STEPS = (int) Math.ceil(MAX_ANGLE / TURN * Frame.STEPS);

  private final double[] octaves = new double[MAX_PAIRS];
  private final double[] turns = new double[MAX_PAIRS];
  private final boolean[] agrees = new boolean[MAX_PAIRS];
  private final boolean[] bestAgrees = new boolean[MAX_PAIRS];
  private final long[] placesSeen = new long[PLACES * PLACES / Long.SIZE];

  /// The outcome of a vote.
  ///
  /// @param votes places that agree, of the picture that has fewer
  /// @param map from the first picture to the second
  record Outcome(int votes, AffineMap map) {}

  /// Whether size and angle change alike in any two pairs. Nearly always they do not where pairs
  /// are chance; to see it takes nanoseconds.
  ///
  /// @param from packed frames
  /// @param to packed frames
  static boolean mayAgree(int[] from, int[] to, int pairs, boolean mirrored) {
    for (int i = 1; i < pairs; i++) {
      int size = sizeSteps(from[i], to[i]);
      int angle = angleSteps(from[i], to[i], mirrored);
      for (int j = 0; j < i; j++) {
        // A byte wraps around as angles do.
        int turned = (byte) (angle - angleSteps(from[j], to[j], mirrored));
        if (Math.abs(size - sizeSteps(from[j], to[j])) <= MAX_SIZE_STEPS
            && Math.abs(turned) <= MAX_ANGLE_STEPS) {
          return true;
        }
      }
    }
    return false;
  }

  private static int sizeSteps(int from, int to) {
    return Frame.sizeSteps(to) - Frame.sizeSteps(from);
  }

  private static int angleSteps(int from, int to, boolean mirrored) {
    return Frame.angleSteps(to) - (mirrored ? -Frame.angleSteps(from) : Frame.angleSteps(from));
  }

  /// Counts the votes of pairs of landmarks.
  ///
  /// @param from the landmark of the first picture, of each pair
  /// @param to that of the second picture
  /// @param mirrored whether the second picture is seen in a mirror
  /// @param minVotes with fewer there is no outcome, at least 1
  /// @return null if no proposal has so many votes
  @Nullable Outcome vote(Frame[] from, Frame[] to, int pairs, boolean mirrored, int minVotes) {
    int count = Math.min(pairs, MAX_PAIRS);
    for (int i = 0; i < count; i++) {
      octaves[i] = Math.log(to[i].size() / (double) from[i].size()) / LN_2;
      turns[i] = to[i].angle() - (mirrored ? -from[i].angle() : from[i].angle());
    }
    int best = minVotes - 1;
    @Nullable AffineMap winner = null;
    for (int i = 0; i < count; i++) {
      if (alike(count, i) <= best) {
        continue;
      }
      AffineMap map = AffineMap.between(from[i], to[i], mirrored);
      int agreeing = agree(map, from, to, count, i);
      if (agreeing <= best) {
        continue;
      }
      int votes = Math.min(places(from, count), places(to, count));
      if (votes > best) {
        best = votes;
        winner = map;
        System.arraycopy(agrees, 0, bestAgrees, 0, count);
      }
    }
    if (winner == null) {
      return null;
    }
    AffineMap fitted = best < FITTED_VOTES ? null : fit(from, to, count, mirrored);
    return new Outcome(best, fitted == null ? winner : fitted);
  }

  /// Marks the pairs whose size and angle change as those of one do.
  ///
  /// @return how many
  private int alike(int count, int proposer) {
    int alike = 0;
    for (int j = 0; j < count; j++) {
      double turned = turns[j] - turns[proposer];
      agrees[j] =
          Math.abs(octaves[j] - octaves[proposer]) < MAX_SIZE_OCTAVES
              && Math.abs(turned - TURN * Math.rint(turned / TURN)) < MAX_ANGLE;
      alike += agrees[j] ? 1 : 0;
    }
    return alike;
  }

  /// Leaves those of the alike that the map takes close to where they lie.
  ///
  /// @return how many
  private int agree(AffineMap map, Frame[] from, Frame[] to, int count, int proposer) {
    int agreeing = 0;
    for (int j = 0; j < count; j++) {
      agrees[j] = agrees[j] && isClose(map, from[j], to[j], to[proposer]);
      agreeing += agrees[j] ? 1 : 0;
    }
    return agreeing;
  }

  private static boolean isClose(AffineMap map, Frame from, Frame to, Frame proposer) {
    double dx = map.x(from.x(), from.y()) - to.x();
    double dy = map.y(from.x(), from.y()) - to.y();
    double px = to.x() - (double) proposer.x();
    double py = to.y() - (double) proposer.y();
    double limit = POSITION + POSITION_SLOPE * Math.sqrt(px * px + py * py);
    return dx * dx + dy * dy < limit * limit;
  }

  /// Number of different places of the landmarks that agree.
  private int places(Frame[] frames, int count) {
    Arrays.fill(placesSeen, 0);
    int places = 0;
    for (int i = 0; i < count; i++) {
      if (agrees[i]) {
        int place = (int) frames[i].y() / PLACE_SIDE * PLACES + (int) frames[i].x() / PLACE_SIDE;
        place = Math.clamp(place, 0, PLACES * PLACES - 1);
        long bit = 1L << place;
        if ((placesSeen[place / Long.SIZE] & bit) == 0) {
          placesSeen[place / Long.SIZE] |= bit;
          places++;
        }
      }
    }
    return places;
  }

  /// The similarity that takes the centres that agree closest to where they lie, by least squares.
  private @Nullable AffineMap fit(Frame[] from, Frame[] to, int count, boolean mirrored) {
    double flip = mirrored ? -1 : 1;
    double n = 0;
    double fx = 0;
    double fy = 0;
    double tx = 0;
    double ty = 0;
    for (int i = 0; i < count; i++) {
      if (bestAgrees[i]) {
        n++;
        fx += flip * from[i].x();
        fy += from[i].y();
        tx += to[i].x();
        ty += to[i].y();
      }
    }
    fx /= n;
    fy /= n;
    tx /= n;
    ty /= n;
    double spread = 0;
    double dot = 0;
    double cross = 0;
    for (int i = 0; i < count; i++) {
      if (bestAgrees[i]) {
        double px = flip * from[i].x() - fx;
        double py = from[i].y() - fy;
        double qx = to[i].x() - tx;
        double qy = to[i].y() - ty;
        spread += px * px + py * py;
        dot += px * qx + py * qy;
        cross += px * qy - py * qx;
      }
    }
    if (spread < 1) {
      return null;
    }
    double a = dot / spread;
    double b = cross / spread;
    return new AffineMap(flip * a, -b, tx - a * fx + b * fy, flip * b, a, ty - b * fx - a * fy);
  }
}
