package dev.mekiki.reliability.topics;

import dev.mekiki.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/// The topics of the one network and the one generation that a run has, and the groups that read
/// them.
///
/// @param encoderGroup reads `images`
/// @param indexGroup reads everything else
public record TopicNames(
    String imageCodes,
    String thumbnails,
    String codePlacements,
    String probes,
    String groupMessages,
    String encoderGroup,
    String indexGroup) {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final int LIMIT_SECONDS = 30;

  /// Asks a broker.
  ///
  /// @throws IllegalStateException where the services have not created their topics yet
  public static TopicNames of(String bootstrapServers) throws InterruptedException {
    try (Admin admin =
        Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
      Set<String> names = admin.listTopics().names().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      String codes = one(names, "image-codes-");
      String placements = one(names, "code-placements-");
      return new TopicNames(
          codes,
          one(names, "thumbnails-"),
          placements,
          one(names, "probes-"),
          one(names, "group-messages-"),
          TOPICS.prefix() + "encoder-" + codes.substring(codes.lastIndexOf('-') + 1),
          TOPICS.prefix()
              + "index-"
              + placements.substring((TOPICS.prefix() + "code-placements-").length()));
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("topics cannot be listed", e);
    }
  }

  /// All topics that services read and people may write to.
  public List<String> read() {
    return List.of(
        TOPICS.images(),
        imageCodes,
        thumbnails,
        codePlacements,
        probes,
        TOPICS.matches(),
        TOPICS.generations(),
        TOPICS.mutes(),
        TOPICS.verdicts(),
        TOPICS.tenants());
  }

  private static String one(Set<String> names, String kind) {
    List<String> found =
        names.stream().filter(name -> name.startsWith(TOPICS.prefix() + kind)).toList();
    if (found.size() != 1) {
      throw new IllegalStateException(
          "topics '%s%s...': %s (expected: one)".formatted(TOPICS.prefix(), kind, found));
    }
    return found.getFirst();
  }
}
