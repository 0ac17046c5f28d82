package dev.mekiki.benchmarks.plan;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// A measured dependence of one positive number on another: straight between the measured points,
/// and beyond them, where both axes are logarithmic.
final class Curve {
  private final NavigableMap<Double, Double> points = new TreeMap<>();

  /// @param text points such as `8:7.0 64:62.0`; empty where nothing was measured
  Curve(String text) {
    for (String point : text.isBlank() ? new String[0] : text.trim().split("\\s+")) {
      int colon = point.indexOf(':');
      points.put(
          Double.valueOf(point.substring(0, colon)), Double.valueOf(point.substring(colon + 1)));
    }
  }

  /// The value at a place; NaN where nothing was measured.
  double at(double x) {
    if (points.isEmpty()) {
      return Double.NaN;
    }
    if (points.size() == 1) {
      return points.firstEntry().getValue();
    }
    Map.Entry<Double, Double> left = points.floorEntry(x);
    if (left == null) {
      left = points.firstEntry();
    } else if (left.getKey().equals(points.lastKey())) {
      left = points.lowerEntry(left.getKey());
    }
    Map.Entry<Double, Double> right = points.higherEntry(left.getKey());
    double share = Math.log(x / left.getKey()) / Math.log(right.getKey() / left.getKey());
    return left.getValue() * Math.pow(right.getValue() / left.getValue(), share);
  }
}
