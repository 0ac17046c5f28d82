package dev.mekiki.reliability.topics;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.launcher.endtoend.PoisonRecords;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The events on `matches`.
public final class MatchLog {
  private MatchLog() {}

  /// All pairs that a read-committed consumer sees, those of one partition in their order.
  ///
  /// @throws IllegalStateException where a record is none
  public static List<Match> read(String bootstrapServers) {
    List<Match> matches = new ArrayList<>();
    new TopicReader(bootstrapServers)
        .read(
            Topics.withDefaultPrefix().matches(),
            true,
            record -> {
              if (!PoisonRecords.isPoison(record.key())
                  && MatchEvents.reportsPair(record.headers())) {
                matches.add(parsed(record));
              }
            });
    return matches;
  }

  /// Records of a topic that were written and then aborted, or are still open.
  public static long aborted(String bootstrapServers, List<String> topics) {
    TopicReader reader = new TopicReader(bootstrapServers);
    long[] count = {0};
    for (String topic : topics) {
      reader.read(topic, false, _ -> count[0]++);
      reader.read(topic, true, _ -> count[0]--);
    }
    return count[0];
  }

  private static Match parsed(ConsumerRecord<byte[], byte[]> record) {
    Match.Builder match = Match.newBuilder();
    try {
      JsonFormat.parser().merge(new String(record.value(), StandardCharsets.UTF_8), match);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "matches %d@%d is no match".formatted(record.partition(), record.offset()), e);
    }
    return match.build();
  }
}
