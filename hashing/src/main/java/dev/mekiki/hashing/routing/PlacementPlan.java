package dev.mekiki.hashing.routing;

import java.util.List;

/// Where one code belongs.
///
/// @param center its bucket
/// @param shell its distance to that center
/// @param homePartition the partition that hosts the bucket
/// @param partitions home and boundary replicas, ascending, each once
public record PlacementPlan(int center, int shell, int homePartition, List<Integer> partitions) {
  public PlacementPlan {
    partitions = List.copyOf(partitions);
  }
}
