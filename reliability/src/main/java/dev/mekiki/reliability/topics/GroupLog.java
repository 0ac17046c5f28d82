package dev.mekiki.reliability.topics;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.launcher.endtoend.PoisonRecords;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What `groups` and `verdicts` say last.
///
/// @param groups by their ids
/// @param dismissed keys of the verdicts that dismiss a pair
public record GroupLog(Map<String, Group> groups, Set<String> dismissed) {
  public GroupLog {
    groups = Map.copyOf(groups);
    dismissed = Set.copyOf(dismissed);
  }

  /// Reads the topics as they are now.
  ///
  /// @throws IllegalStateException where a record of either is none
  public static GroupLog read(String bootstrapServers) {
    TopicReader reader = new TopicReader(bootstrapServers);
    Topics topics = Topics.withDefaultPrefix();
    Map<String, Group> groups = new TreeMap<>();
    reader.read(
        topics.groups(),
        true,
        record -> {
          if (PoisonRecords.isPoison(record.key())) {
            return;
          }
          if (record.value() == null) {
            groups.remove(key(record));
          } else {
            groups.put(key(record), parsed(record, Group.newBuilder()).build());
          }
        });
    Set<String> dismissed = new HashSet<>();
    reader.read(
        topics.verdicts(),
        true,
        record -> {
          if (PoisonRecords.isPoison(record.key())) {
            return;
          }
          if (record.value() != null
              && parsed(record, Verdict.newBuilder()).getDecision() == Verdict.Decision.DISMISSED) {
            dismissed.add(key(record));
          } else {
            dismissed.remove(key(record));
          }
        });
    return new GroupLog(groups, dismissed);
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static <B extends Message.Builder> B parsed(
      ConsumerRecord<byte[], byte[]> record, B into) {
    try {
      JsonFormat.parser().merge(new String(record.value(), StandardCharsets.UTF_8), into);
      return into;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "%s %d@%d cannot be read".formatted(record.topic(), record.partition(), record.offset()),
          e);
    }
  }
}
