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

/// What a read-committed consumer sees on `matches`, the events of one partition in their order.
///
/// @param events of pairs
/// @param retractions of pairs that have ended
public record MatchLog(List<Event> events, List<Event> retractions) {
  /// One of them.
  ///
  /// @param at where it stands on `matches`
  public record Event(Place at, Match match) {}

  public MatchLog {
    events = List.copyOf(events);
    retractions = List.copyOf(retractions);
  }

  /// Reads the topic as it is now.
  ///
  /// @throws IllegalStateException where a record is none
  public static MatchLog read(String bootstrapServers) {
    List<Event> events = new ArrayList<>();
    List<Event> retractions = new ArrayList<>();
    new TopicReader(bootstrapServers)
        .read(
            Topics.withDefaultPrefix().matches(),
            true,
            record -> {
              if (PoisonRecords.isPoison(record.key())) {
                return;
              }
              Match match = parsed(record);
              Event event = new Event(new Place(record.partition(), record.offset()), match);
              if (MatchEvents.reportsPair(record.headers())) {
                events.add(event);
              } else if (match.hasRetraction()) {
                retractions.add(event);
              }
            });
    return new MatchLog(events, retractions);
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
