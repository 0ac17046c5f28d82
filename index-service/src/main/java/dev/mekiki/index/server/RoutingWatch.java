package dev.mekiki.index.server;

import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;

/// Who hosts what, and who wants to know. Thread-safe; listeners are called one at a time.
public final class RoutingWatch implements AutoCloseable {
  private final String codesTopic;
  private final String placementsTopic;
  private final Set<Listener> listeners = new CopyOnWriteArraySet<>();
  private RoutingSnapshot current;
  private boolean closed;

  /// Someone who wants to know.
  interface Listener {
    /// The routing as it is now.
    void onSnapshot(RoutingSnapshot snapshot);

    /// This instance ends; nothing more will come.
    void onClose();
  }

  /// @param generation the generation's id
  /// @param idPartitions number of partitions of `image-codes`
  /// @param codesTopic name of `image-codes`
  /// @param placementsTopic name of `code-placements`
  public RoutingWatch(
      String generation, int idPartitions, String codesTopic, String placementsTopic) {
    this.codesTopic = codesTopic;
    this.placementsTopic = placementsTopic;
    current =
        RoutingSnapshot.newBuilder()
            .setGeneration(generation)
            .setIdPartitions(idPartitions)
            .build();
  }

  /// Takes what Kafka Streams knows of its instances; listeners hear of it where it is news.
  public synchronized void update(Collection<StreamsMetadata> instances) {
    RoutingSnapshot updated =
        current.toBuilder()
            .clearInstances()
            .addAllInstances(
                instances.stream()
                    .map(this::instance)
                    .sorted(Comparator.comparing(IndexInstance::getAddress))
                    .toList())
            .build();
    if (!updated.equals(current)) {
      current = updated;
      listeners.forEach(listener -> listener.onSnapshot(updated));
    }
  }

  /// Calls a listener with the routing as it is, then at each change, until it is removed.
  synchronized void add(Listener listener) {
    listener.onSnapshot(current);
    if (closed) {
      listener.onClose();
    } else {
      listeners.add(listener);
    }
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  /// Tells every listener that this instance ends: a server waits for open streams.
  @Override
  public synchronized void close() {
    closed = true;
    listeners.forEach(Listener::onClose);
    listeners.clear();
  }

  /// One instance's partitions. Kafka Streams mixes those of all topics.
  private IndexInstance instance(StreamsMetadata metadata) {
    HostInfo host = metadata.hostInfo();
    return IndexInstance.newBuilder()
        .setAddress(host.host() + ":" + host.port())
        .addAllActivePartitions(of(placementsTopic, metadata.topicPartitions()))
        .addAllStandbyPartitions(of(placementsTopic, metadata.standbyTopicPartitions()))
        .addAllActiveIdPartitions(of(codesTopic, metadata.topicPartitions()))
        .addAllStandbyIdPartitions(of(codesTopic, metadata.standbyTopicPartitions()))
        .build();
  }

  private static List<Integer> of(String topic, Set<TopicPartition> partitions) {
    return partitions.stream()
        .filter(partition -> partition.topic().equals(topic))
        .map(TopicPartition::partition)
        .sorted()
        .toList();
  }
}
