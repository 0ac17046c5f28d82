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

/// Publishes which instance hosts which partitions. Thread-safe; listeners are called one at a
/// time.
public final class RoutingWatch implements AutoCloseable {
  private final String codesTopic;
  private final String placementsTopic;
  private final String landmarksTopic;
  private final String groupMessagesTopic;
  private final Set<Listener> listeners = new CopyOnWriteArraySet<>();
  private RoutingSnapshot current;
  private boolean closed;

  /// A topic that is read only where something is switched on.
  ///
  /// @param name of the topic
  /// @param partitions of the topic; 0 where it is off
  public record OptionalTopic(String name, int partitions) {}

  /// A subscriber.
  interface Listener {
    /// The routing as it is now.
    void onSnapshot(RoutingSnapshot snapshot);

    /// This instance stops; nothing more will come.
    void onClose();
  }

  /// @param generation the generation's id
  /// @param idPartitions number of partitions of `image-codes`
  /// @param codesTopic name of `image-codes`
  /// @param placementsTopic name of `code-placements`
  /// @param landmarks the topic of landmarks
  /// @param groupMessages the topic of messages to contents
  public RoutingWatch(
      String generation,
      int idPartitions,
      String codesTopic,
      String placementsTopic,
      OptionalTopic landmarks,
      OptionalTopic groupMessages) {
    this.codesTopic = codesTopic;
    this.placementsTopic = placementsTopic;
    this.landmarksTopic = landmarks.name();
    this.groupMessagesTopic = groupMessages.name();
    current =
        RoutingSnapshot.newBuilder()
            .setGeneration(generation)
            .setIdPartitions(idPartitions)
            .setLandmarkPartitions(landmarks.partitions())
            .setGroupPartitions(groupMessages.partitions())
            .build();
  }

  /// Takes what Kafka Streams knows of its instances, and calls the listeners if it has changed.
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
    publish(updated);
  }

  /// Names the instances of other generations in this process, and calls the listeners.
  ///
  /// @param addresses host:port of each
  public synchronized void beside(Collection<String> addresses) {
    publish(
        current.toBuilder()
            .clearBeside()
            .addAllBeside(addresses.stream().sorted().toList())
            .build());
  }

  private void publish(RoutingSnapshot updated) {
    if (!updated.equals(current)) {
      current = updated;
      listeners.forEach(listener -> listener.onSnapshot(updated));
    }
  }

  /// Calls a listener with the routing as it is, then at each change, until it is removed.
  ///
  /// Once closed it calls {@link Listener#onClose} alone: a snapshot would look like success, and
  /// the watcher would come back at once, again and again, while the server waits for it to go.
  synchronized void add(Listener listener) {
    if (closed) {
      listener.onClose();
    } else {
      listeners.add(listener);
      listener.onSnapshot(current);
    }
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  /// Ends every stream: a server that stops waits for them.
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
        .addAllActiveLandmarkPartitions(of(landmarksTopic, metadata.topicPartitions()))
        .addAllActiveGroupPartitions(of(groupMessagesTopic, metadata.topicPartitions()))
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
