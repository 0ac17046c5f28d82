package dev.mekiki.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSpecTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final TopicSpec IMAGES = TopicSpec.images(TOPICS, 2, (short) 1, 1 << 20);
  private static final TopicSpec CODES =
      TopicSpec.imageCodes(TOPICS, "0123456789abcdef", 2, (short) 1);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final String KEPT = Long.toString(Duration.ofDays(31).toMillis());

  @Test
  void withoutARetentionTopicsStayAsTheyAre() {
    assertThat(CODES.forgetting(null)).isEqualTo(CODES);
    assertThat(IMAGES.forgetting(null).config()).containsEntry("retention.ms", "-1");
  }

  @Test
  void withARetentionBrokersForgetADayLater() {
    assertThat(CODES.forgetting(MONTH).config())
        .containsEntry("cleanup.policy", "compact,delete")
        .containsEntry("retention.ms", KEPT)
        .containsEntry("segment.ms", Long.toString(Duration.ofDays(3).toMillis()))
        .containsEntry("delete.retention.ms", CODES.config().get("delete.retention.ms"));
    assertThat(IMAGES.forgetting(MONTH).config())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", KEPT);
    assertThat(CODES.forgetting(Duration.ofMinutes(1)).config())
        .containsEntry("segment.ms", Long.toString(Duration.ofHours(1).toMillis()));
    assertThat(CODES.forgetting(Duration.ofDays(3650)).config())
        .containsEntry("segment.ms", Long.toString(Duration.ofDays(7).toMillis()));
  }

  @Test
  void topicThatForgetsTooSoonOrNeverIsNamedWithWhatToAlter() {
    TopicSpec forgetting = CODES.forgetting(MONTH);
    assertThat(differences(forgetting, Map.of())).isEmpty();
    assertThat(differences(forgetting, Map.of("cleanup.policy", "delete,compact"))).isEmpty();
    assertThat(differences(forgetting, Map.of("retention.ms", KEPT + "0", "segment.ms", "5")))
        .isEmpty();

    // As it was created before a retention was configured.
    assertThat(differences(forgetting, Map.of("cleanup.policy", "compact", "retention.ms", "-1")))
        .containsExactly(
            CODES.name()
                + " has cleanup.policy=compact (expected: compact,delete, since"
                + " mekiki.images.retention is set)",
            CODES.name()
                + " has retention.ms=-1 (expected: at least "
                + KEPT
                + ", since mekiki.images.retention is set)");
    assertThat(differences(forgetting, Map.of("retention.ms", "604800000")))
        .as("codes would be gone before their images end")
        .containsExactly(
            CODES.name()
                + " has retention.ms=604800000 (expected: at least "
                + KEPT
                + ", since mekiki.images.retention is set)");
  }

  @Test
  void topicThatForgetsWhereImagesAreKeptIsNamed() {
    assertThat(differences(CODES, Map.of("cleanup.policy", "compact,delete")))
        .containsExactly(
            CODES.name()
                + " has cleanup.policy=compact,delete (expected: compact, unless"
                + " mekiki.images.retention is set)");
    assertThat(differences(CODES, Map.of("cleanup.policy", "delete")))
        .containsExactly(CODES.name() + " has cleanup.policy=delete (expected: compact)");
    assertThat(differences(CODES, Map.of("retention.ms", "5"))).isEmpty();
  }

  @Test
  void imagesMayBeForgottenEarlierButNotKeptForEver() {
    TopicSpec forgetting = IMAGES.forgetting(MONTH);
    assertThat(differences(forgetting, Map.of("retention.ms", "5"))).isEmpty();
    assertThat(differences(forgetting, Map.of("retention.ms", "-1")))
        .containsExactly(
            "mekiki.images has retention.ms=-1 (expected: a time, such as "
                + KEPT
                + ", since mekiki.images.retention is set)");
    assertThat(differences(IMAGES, Map.of("retention.ms", "5"))).isEmpty();
  }

  /// Of a topic that is as specified but for these settings.
  private static List<String> differences(TopicSpec spec, Map<String, String> altered) {
    Map<String, String> config = new HashMap<>(spec.config());
    config.putAll(altered);
    return spec.differences(spec.partitions(), spec.replication(), config);
  }
}
