package dev.mekiki.benchmarks.duplicates;

/// What two pictures are said to have in common: in each the smallest rectangle around it.
record Overlap(Box inCopy, Box inFound) {
  /// Shares of a picture's width and height, 0 to 1.
  record Box(double left, double top, double right, double bottom) {}
}
