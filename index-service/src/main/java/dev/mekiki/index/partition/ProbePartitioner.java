package dev.mekiki.index.partition;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/// Sends probes to the partition they ask. Stateless.
public final class ProbePartitioner implements StreamPartitioner<String, OutgoingProbes> {
  private final int partitions;

  /// @param partitions the generation's number of partitions
  public ProbePartitioner(int partitions) {
    this.partitions = partitions;
  }

  /// @throws IllegalStateException where the topic has another number of partitions than the
  ///   generation
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, @Nullable String none, OutgoingProbes probes, int numPartitions) {
    if (numPartitions != partitions) {
      throw new IllegalStateException(
          "topic %s: %d partitions (expected: %d, as its generation was made with)"
              .formatted(topic, numPartitions, partitions));
    }
    return Optional.of(Set.of(probes.partition()));
  }
}
