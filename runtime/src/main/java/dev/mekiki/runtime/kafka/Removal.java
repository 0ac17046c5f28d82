package dev.mekiki.runtime.kafka;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// Removes topics and consumer groups that nobody needs any more. Thread-safe; calls block on
/// Kafka.
public final class Removal implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  private final Admin admin;
  private final String bootstrapServers;

  public Removal(KafkaClients clients) {
    admin = Admin.create(clients.admin());
    bootstrapServers = clients.bootstrapServers();
  }

  /// Removes topics by their names.
  ///
  /// @return their names
  /// @throws StartException where Kafka does not take it
  public List<String> topics(Predicate<String> isWanted) {
    try {
      List<String> found =
          AdminCalls.await(admin.listTopics().names(), bootstrapServers).stream()
              .filter(isWanted)
              .sorted()
              .toList();
      if (!found.isEmpty()) {
        Void _ = AdminCalls.await(admin.deleteTopics(found).all(), bootstrapServers);
      }
      return found;
    } catch (ExecutionException e) {
      throw failed("topics", e);
    }
  }

  /// Removes a consumer group, if there is one.
  ///
  /// @throws StartException where it has members, or Kafka does not take it
  public void group(String group) {
    try {
      Void _ = AdminCalls.await(admin.deleteConsumerGroups(List.of(group)).all(), bootstrapServers);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw failed("consumer group " + group, e);
      }
    }
  }

  private static StartException failed(String what, ExecutionException e) {
    return new StartException(
        "%s cannot be removed: %s (expected: rights to remove them, and nobody who uses them)"
            .formatted(what, BoundedText.message(e)),
        e);
  }

  @Override
  public void close() {
    admin.close(CLOSE_LIMIT);
  }
}
