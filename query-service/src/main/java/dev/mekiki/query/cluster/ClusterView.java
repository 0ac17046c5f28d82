package dev.mekiki.query.cluster;

import dev.mekiki.schemas.v1.IndexInstance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// All known index instances at one moment. Immutable.
///
/// @param instances ascending by address, each address once
public record ClusterView(List<Instance> instances) {
  /// Nothing known yet.
  public static final ClusterView EMPTY = new ClusterView(List.of());

  public ClusterView {
    instances = instances.stream().sorted(Comparator.comparing(Instance::address)).toList();
  }

  /// The view of one generation alone: instances of another one answer nothing that fits.
  public ClusterView of(String generation) {
    return new ClusterView(
        instances.stream().filter(instance -> instance.generation().equals(generation)).toList());
  }

  /// Addresses to ask for a partition of placements, in this order: active, standby, then those
  /// that could not be reached when last tried.
  public List<String> hosts(int partition) {
    return hosts(
        partition, IndexInstance::getActivePartitionsList, IndexInstance::getStandbyPartitionsList);
  }

  /// Addresses to ask for an id of the given id partition, in the same order.
  public List<String> idHosts(int idPartition) {
    return hosts(
        idPartition,
        IndexInstance::getActiveIdPartitionsList,
        IndexInstance::getStandbyIdPartitionsList);
  }

  /// Whether that instance is the active one for ids of the given id partition.
  boolean isActiveForIds(String address, int idPartition) {
    return instances.stream()
        .anyMatch(instance ->
            instance.address().equals(address)
                && instance.hosted().getActiveIdPartitionsList().contains(idPartition));
  }

  /// Addresses to ask for a partition of landmarks: where it is active, as far as is known.
  public List<String> landmarkHosts(int partition) {
    return hosts(partition, IndexInstance::getActiveLandmarkPartitionsList, _ -> List.of());
  }

  /// Number of partitions of landmarks; 0 where no instance known looks for copies.
  public int landmarkPartitions() {
    return instances.stream().mapToInt(Instance::landmarkPartitions).max().orElse(0);
  }

  /// Addresses to ask for a partition of contents: where it is active, as far as is known.
  public List<String> groupHosts(int partition) {
    return hosts(partition, IndexInstance::getActiveGroupPartitionsList, _ -> List.of());
  }

  /// Number of partitions of contents; 0 where no instance known keeps groups.
  public int groupPartitions() {
    return instances.stream().mapToInt(Instance::groupPartitions).max().orElse(0);
  }

  /// Number of partitions over which ids are spread; empty while no instance is known.
  public OptionalInt idPartitions() {
    return instances.stream().mapToInt(Instance::idPartitions).filter(n -> n > 0).max();
  }

  /// Partitions that no reachable instance hosts as active.
  ///
  /// @param partitions number of partitions of the generation
  public SortedSet<Integer> missing(int partitions) {
    return missing(partitions, IndexInstance::getActivePartitionsList);
  }

  /// Partitions of landmarks that no reachable instance hosts as active.
  SortedSet<Integer> missingLandmarks() {
    return missing(landmarkPartitions(), IndexInstance::getActiveLandmarkPartitionsList);
  }

  private SortedSet<Integer> missing(
      int partitions, Function<IndexInstance, Collection<Integer>> active) {
    SortedSet<Integer> missing = new TreeSet<>();
    for (int partition = 0; partition < partitions; partition++) {
      missing.add(partition);
    }
    for (Instance instance : instances) {
      if (instance.reachable()) {
        missing.removeAll(active.apply(instance.hosted()));
      }
    }
    return missing;
  }

  private List<String> hosts(
      int partition,
      Function<IndexInstance, Collection<Integer>> active,
      Function<IndexInstance, Collection<Integer>> standby) {
    List<String> hosts = new ArrayList<>();
    for (boolean reachable : new boolean[] {true, false}) {
      for (Function<IndexInstance, Collection<Integer>> role : List.of(active, standby)) {
        for (Instance instance : instances) {
          if (instance.reachable() == reachable
              && role.apply(instance.hosted()).contains(partition)
              && !hosts.contains(instance.address())) {
            hosts.add(instance.address());
          }
        }
      }
    }
    return List.copyOf(hosts);
  }
}
