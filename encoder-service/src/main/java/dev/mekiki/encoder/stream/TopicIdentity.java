package dev.mekiki.encoder.stream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/// Kafka's id of the topic `images`. It changes only when the topic is deleted and created again,
/// whose offsets then start anew. Owned by the stream's thread.
final class TopicIdentity implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

  private final Admin admin;
  private final String topic;
  private String id = "";
  private @Nullable KafkaFuture<TopicDescription> asked;
  private long nextAsk;

  /// @param admin closed with this
  TopicIdentity(Admin admin, String topic) {
    this.admin = admin;
    this.topic = topic;
    this.nextAsk = System.nanoTime();
  }

  /// The id as last known; empty where it is not known yet.
  String id() {
    return id;
  }

  /// Asks for the id, at most for 5 s.
  ///
  /// @return true where it has changed
  boolean refresh() {
    asked = ask();
    try {
      TopicDescription _ = asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      // Taken below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return take();
  }

  /// Asks every 30 s and does not wait for the answer.
  ///
  /// @return true where an answer has come and the id has changed
  boolean hasChanged() {
    if (asked == null) {
      if (System.nanoTime() - nextAsk >= 0) {
        asked = ask();
      }
      return false;
    }
    return asked.isDone() && take();
  }

  private KafkaFuture<TopicDescription> ask() {
    return requireNonNull(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
  }

  private boolean take() {
    KafkaFuture<TopicDescription> answer = asked;
    asked = null;
    nextAsk = System.nanoTime() + INTERVAL_NANOS;
    if (answer == null) {
      return false;
    }
    String known = id;
    try {
      id = answer.get().topicId().toString();
    } catch (ExecutionException e) {
      // Kafka or the topic is away: what is known stays.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !known.isEmpty() && !known.equals(id);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
