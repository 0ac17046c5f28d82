package dev.mekiki.encoder.stream;

import dev.mekiki.encoder.metrics.EncoderMetrics;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs and measures which partitions of `images` the consumer group has given this encoder.
///
/// @param topic that is read
record AssignedShare(String topic, EncoderMetrics metrics) {
  private static final Logger log = LoggerFactory.getLogger(AssignedShare.class);

  /// @param assigned those that are new
  /// @param all those that it has now
  void assigned(Collection<TopicPartition> assigned, Set<TopicPartition> all) {
    log.info("Partitions assigned topic={} partitions={}", topic, numbers(assigned));
    metrics.partitions(all.size());
    if (all.isEmpty()) {
      log.warn(
          "This encoder has no partition yet: it waits for one that another encoder gives up, and stays"
              + " without if there are more encoders than partitions topic={} (expected: at most as"
              + " many encoders as the topic has partitions)",
          topic);
    }
  }

  void revoked(Collection<TopicPartition> revoked) {
    log.info("Partitions revoked topic={} partitions={}", topic, numbers(revoked));
  }

  void lost(Collection<TopicPartition> lost) {
    log.warn("Partitions lost topic={} partitions={}", topic, numbers(lost));
  }

  private static List<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).sorted().toList();
  }
}
