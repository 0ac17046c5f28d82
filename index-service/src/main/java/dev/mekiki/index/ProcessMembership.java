package dev.mekiki.index;

import dev.mekiki.schemas.v1.IndexMember;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.streams.KafkaStreams;

/// What an instance says of its process. Stateless.
final class ProcessMembership {
  /// Instances in one process share its heap, and are known by this.
  private static final String PROCESS = UUID.randomUUID().toString();

  private static final String THREADS = "-StreamThread-";

  private ProcessMembership() {}

  /// Empty while the instance has no stream thread.
  static Optional<IndexMember> of(
      KafkaStreams streams, IndexConfig config, IndexRole role, String generation) {
    return streams.metadataForLocalThreads().stream()
        .map(thread -> thread.threadName().split(THREADS, 2)[0])
        .findFirst()
        .map(client ->
            IndexMember.newBuilder()
                .setClient(client)
                .setGeneration(generation)
                .setProcess(PROCESS)
                .setHeapBytes(Runtime.getRuntime().maxMemory())
                .setStandbyReplicas(config.index().standbyReplicas())
                .setFollows(role.isFollowing() || role.isBeside())
                .build());
  }
}
