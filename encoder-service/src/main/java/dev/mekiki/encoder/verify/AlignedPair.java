package dev.mekiki.encoder.verify;

import dev.mekiki.encoding.align.AlignedPicture;
import dev.mekiki.encoding.align.Evidence;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.schemas.v1.Alignment;
import dev.mekiki.schemas.v1.AlignmentEvidence;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;

/// Describes how one picture lies over another.
///
/// @param evidence whose map leads from the first picture to the second
/// @param votes places at which landmarks agree
record AlignedPair(Evidence evidence, int votes, Picture first, Picture second) {
  /// Rotations and scales that nobody would call so, in degrees and as a share.
  private static final double MIN_ROTATION = 0.75;

  private static final double MIN_SCALING = 0.03;

  /// A picture that was compared.
  ///
  /// @param width pixels
  /// @param height pixels
  /// @param reduction pixels of the original to one of these
  record Picture(double width, double height, double reduction) {
    static Picture of(AlignedPicture compared, CopyImage original) {
      double longest = Math.max(original.getWidth(), original.getHeight());
      return new Picture(
          compared.width(),
          compared.height(),
          longest / Math.max(compared.width(), compared.height()));
    }
  }

  /// For an event.
  ///
  /// @param sentence why the two match
  record Described(Alignment alignment, String sentence) {}

  /// @param firstIsLater whether the first picture is that of the later image
  Described described(boolean firstIsLater) {
    AlignedPair laterFirst = firstIsLater ? this : inverse();
    Alignment alignment = laterFirst.alignment();
    return new Described(alignment, sentence(alignment, "the later picture", "the earlier one"));
  }

  private AlignedPair inverse() {
    Evidence inverse =
        new Evidence(
            evidence.map().inverse(),
            evidence.inliers(),
            evidence.inlierShare(),
            evidence.agreeingArea(),
            evidence.agreement(),
            evidence.badShare(),
            evidence.overlapOfSecond(),
            evidence.overlapOfFirst());
    return new AlignedPair(inverse, votes, second, first);
  }

  private Alignment alignment() {
    AffineMap map = evidence.map();
    Area inLater = shared(map.inverse(), second, first);
    Area inEarlier = shared(map, first, second);
    return Alignment.newBuilder()
        .setScale(map.scale() * second.reduction() / first.reduction())
        .setRotation(map.rotation())
        .setMirrored(map.isMirrored())
        .setInLater(bounds(inLater, first))
        .setInEarlier(bounds(inEarlier, second))
        .setOverlapOfLater(100 * size(inLater) / (first.width() * first.height()))
        .setOverlapOfEarlier(100 * size(inEarlier) / (second.width() * second.height()))
        .setEvidence(
            AlignmentEvidence.newBuilder()
                .setVotes(votes)
                .setBlocks(evidence.inliers())
                .setBlockShare(evidence.inlierShare())
                .setAgreeingArea(evidence.agreeingArea())
                .setAgreement(evidence.agreement())
                .setDiffering(evidence.badShare()))
        .build();
  }

  /// What a picture shows of another, in the other one.
  private static Area shared(AffineMap map, Picture from, Picture other) {
    Area area = new Area(new Rectangle2D.Double(0, 0, from.width(), from.height()));
    area.transform(new AffineTransform(map.a(), map.c(), map.b(), map.d(), map.tx(), map.ty()));
    area.intersect(new Area(new Rectangle2D.Double(0, 0, other.width(), other.height())));
    return area;
  }

  private static Rectangle bounds(Area area, Picture picture) {
    Rectangle2D bounds = area.getBounds2D();
    return Rectangle.newBuilder()
        .setLeft(share(bounds.getMinX(), picture.width()))
        .setTop(share(bounds.getMinY(), picture.height()))
        .setRight(share(bounds.getMaxX(), picture.width()))
        .setBottom(share(bounds.getMaxY(), picture.height()))
        .build();
  }

  /// Of a convex area: the sum of the triangles from each side to the origin.
  private static double size(Area area) {
    double twice = 0;
    double[] to = new double[6];
    double[] from = new double[2];
    double[] start = new double[2];
    for (PathIterator path = area.getPathIterator(null); !path.isDone(); path.next()) {
      int kind = path.currentSegment(to);
      if (kind == PathIterator.SEG_MOVETO) {
        start = new double[] {to[0], to[1]};
      } else {
        double[] end = kind == PathIterator.SEG_CLOSE ? start : to;
        twice += from[0] * end[1] - end[0] * from[1];
      }
      from[0] = to[0];
      from[1] = to[1];
    }
    return Math.abs(twice) / 2;
  }

  private static double share(double at, double side) {
    return Math.clamp(at / side, 0, 1);
  }

  /// @param later what the later picture is called
  static String sentence(Alignment alignment, String later, String earlier) {
    StringBuilder sentence =
        new StringBuilder(
            "%.0f %% of %s is seen in %s and covers %.0f %% of it"
                .formatted(
                    alignment.getOverlapOfLater(),
                    later,
                    earlier,
                    alignment.getOverlapOfEarlier()));
    if (alignment.getMirrored()) {
      sentence.append(", mirrored");
    }
    if (Math.abs(alignment.getRotation()) >= MIN_ROTATION) {
      sentence.append(", turned by %.0f degrees".formatted(Math.abs(alignment.getRotation())));
    }
    if (Math.abs(alignment.getScale() - 1) >= MIN_SCALING) {
      sentence.append(", scaled by %.2f".formatted(alignment.getScale()));
    }
    return sentence.toString();
  }
}
