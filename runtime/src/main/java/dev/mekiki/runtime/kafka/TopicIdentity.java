package dev.mekiki.runtime.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/// Kafka's ids of some topics. One changes only when its topic is deleted and created again, whose
/// offsets then start anew. For one thread.
public final class TopicIdentity implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Admin admin;
  private final List<String> topics;
  private final long intervalNanos;
  private final Map<String, String> ids = new HashMap<>();
  private @Nullable Map<String, KafkaFuture<TopicDescription>> asked;
  private long nextAsk;

  /// @param admin closed with this
  /// @param interval between two questions of {@link #hasChanged}
  public TopicIdentity(Admin admin, List<String> topics, Duration interval) {
    this.admin = admin;
    this.topics = List.copyOf(topics);
    this.intervalNanos = interval.toNanos();
    this.nextAsk = System.nanoTime();
  }

  /// A topic's id as last known; empty where it is not known yet.
  public String id(String topic) {
    return ids.getOrDefault(topic, "");
  }

  /// Asks for the ids, at most for 5 s.
  ///
  /// @return true where one has changed
  public boolean refresh() {
    Map<String, KafkaFuture<TopicDescription>> answers = ask();
    asked = answers;
    try {
      Void _ =
          KafkaFuture.allOf(answers.values().toArray(KafkaFuture[]::new))
              .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      // Taken below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return take(answers);
  }

  /// Asks once in each interval and does not wait for the answers.
  ///
  /// @return true where they have come and an id has changed
  public boolean hasChanged() {
    Map<String, KafkaFuture<TopicDescription>> answers = asked;
    if (answers == null) {
      if (System.nanoTime() - nextAsk >= 0) {
        asked = ask();
      }
      return false;
    }
    return answers.values().stream().allMatch(KafkaFuture::isDone) && take(answers);
  }

  private Map<String, KafkaFuture<TopicDescription>> ask() {
    return admin.describeTopics(topics).topicNameValues();
  }

  private boolean take(Map<String, KafkaFuture<TopicDescription>> answers) {
    asked = null;
    nextAsk = System.nanoTime() + intervalNanos;
    boolean changed = false;
    for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
      try {
        String id = answer.getValue().get().topicId().toString();
        @Nullable String known = ids.put(answer.getKey(), id);
        changed |= known != null && !known.equals(id);
      } catch (ExecutionException e) {
        // Kafka or the topic is away: what is known stays.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return changed;
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
