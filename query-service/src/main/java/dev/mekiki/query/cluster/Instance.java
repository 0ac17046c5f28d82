package dev.mekiki.query.cluster;

import dev.mekiki.schemas.v1.IndexInstance;

/// One index instance.
///
/// @param generation the generation it serves
/// @param idPartitions number of partitions over which ids are spread for placement
/// @param landmarkPartitions number of partitions of landmarks; 0 where it looks for no copies
/// @param groupPartitions number of partitions of contents; 0 where it keeps no groups
/// @param hosted its address and partitions
/// @param reachable false where the last attempt to watch it failed; it is then asked last
public record Instance(
    String generation,
    int idPartitions,
    int landmarkPartitions,
    int groupPartitions,
    IndexInstance hosted,
    boolean reachable) {
  public String address() {
    return hosted.getAddress();
  }
}
