package dev.mekiki.hashing.landmark;

/// A map of one picture's coordinates to another's: x' = a x + b y + tx, y' = c x + d y + ty.
public record AffineMap(double a, double b, double tx, double c, double d, double ty) {
  /// Maps every point to itself.
  public static final AffineMap IDENTITY = new AffineMap(1, 0, 0, 0, 1, 0);

  /// x of where a point goes.
  public double x(double x, double y) {
    return a * x + b * y + tx;
  }

  /// y of where a point goes.
  public double y(double x, double y) {
    return c * x + d * y + ty;
  }

  /// First this map, then another.
  public AffineMap then(AffineMap next) {
    return new AffineMap(
        next.a * a + next.b * c,
        next.a * b + next.b * d,
        next.x(tx, ty),
        next.c * a + next.d * c,
        next.c * b + next.d * d,
        next.y(tx, ty));
  }

  /// The way back.
  ///
  /// @throws ArithmeticException if the map has none: it makes every picture a line
  public AffineMap inverse() {
    double determinant = determinant();
    if (determinant == 0) {
      throw new ArithmeticException("no inverse of " + this);
    }
    double ia = d / determinant;
    double ib = -b / determinant;
    double ic = -c / determinant;
    double id = a / determinant;
    return new AffineMap(ia, ib, -(ia * tx + ib * ty), ic, id, -(ic * tx + id * ty));
  }

  /// By how much an area grows; negative if the map shows a picture as in a mirror.
  public double determinant() {
    return a * d - b * c;
  }

  /// By how much lengths grow, on average of all directions: the root of that of areas.
  public double scale() {
    return Math.sqrt(Math.abs(determinant()));
  }

  /// Whether left and right change places.
  public boolean isMirrored() {
    return determinant() < 0;
  }

  /// By which angle the picture turns, after left and right have changed places if they do: in
  /// degrees above -180 to 180, from x towards y.
  public double rotation() {
    return Math.toDegrees(isMirrored() ? Math.atan2(-c, -a) : Math.atan2(c, a));
  }

  /// The larger of the two factors by which lengths grow most and least, divided by the smaller: 1
  /// if the map keeps shapes.
  public double stretch() {
    double half = (a * a + b * b + c * c + d * d) / 2;
    double spread = Math.sqrt(Math.max(0, half * half - determinant() * determinant()));
    return Math.sqrt((half + spread) / Math.max(half - spread, Double.MIN_NORMAL));
  }

  /// The map that takes one frame to another, with its size and angle.
  ///
  /// @param mirrored whether the second is seen in a mirror
  static AffineMap between(Frame from, Frame to, boolean mirrored) {
    double scale = to.size() / (double) from.size();
    double flip = mirrored ? -1 : 1;
    double cosTo = Math.cos(to.angle());
    double sinTo = Math.sin(to.angle());
    double cosFrom = Math.cos(from.angle());
    double sinFrom = Math.sin(from.angle());
    double a = scale * (cosTo * cosFrom + flip * sinTo * sinFrom);
    double b = scale * (cosTo * sinFrom - flip * sinTo * cosFrom);
    double c = scale * (sinTo * cosFrom - flip * cosTo * sinFrom);
    double d = scale * (sinTo * sinFrom + flip * cosTo * cosFrom);
    return new AffineMap(
        a, b, to.x() - a * from.x() - b * from.y(), c, d, to.y() - c * from.x() - d * from.y());
  }
}
