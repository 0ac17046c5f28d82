package dev.mekiki.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TopicsTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";

  @Test
  void namesStartWithThePrefixAndCarryTheFirst16Digits() {
    Topics topics = Topics.withDefaultPrefix();
    assertThat(topics.images()).isEqualTo("mekiki.images");
    assertThat(topics.imagesDlq()).isEqualTo("mekiki.images.dlq");
    assertThat(topics.deadLetterStates()).isEqualTo("mekiki.images.dlq.states");
    assertThat(topics.imageCodes(ID)).isEqualTo("mekiki.image-codes-0123456789abcdef");
    assertThat(topics.thumbnails(ID)).isEqualTo("mekiki.thumbnails-0123456789abcdef");
    assertThat(topics.imageLandmarks(ID)).isEqualTo("mekiki.image-landmarks-0123456789abcdef-4");
    assertThat(topics.codePlacements(ID, 0)).isEqualTo("mekiki.code-placements-0123456789abcdef-2");
    assertThat(topics.probes(ID, 0)).isEqualTo("mekiki.probes-0123456789abcdef-2");
    assertThat(topics.probes(ID, 3)).isEqualTo("mekiki.probes-0123456789abcdef-2-3");
    assertThat(topics.matches()).isEqualTo("mekiki.matches");
    assertThat(topics.generations()).isEqualTo("mekiki.generations");
    assertThat(new Topics("").images()).isEqualTo("images");
  }

  @Test
  void prefixThatKafkaRefusesIsRefused() {
    assertThatThrownBy(() -> new Topics("my topics/")).hasMessageContaining("'my topics/'");
  }

  @Test
  void idThatIsNoContentHashIsRefused() {
    assertThatThrownBy(() -> Topics.shortId("0123")).hasMessageContaining("'0123'");
    assertThatThrownBy(() -> Topics.shortId("0123456789ABCDEF")).hasMessageContaining("expected");
  }

  @Test
  void deadLetterTopicTakesWhateverImagesTakes() {
    Topics topics = Topics.withDefaultPrefix();
    int limit = 1 << 24;
    int images = maxBytes(TopicSpec.images(topics, 8, (short) 1, limit));
    assertThat(images).isGreaterThan(limit + TopicSpec.METADATA_BYTES);
    assertThat(maxBytes(TopicSpec.imagesDlq(topics, 8, (short) 1, limit))).isGreaterThan(images);
  }

  private static int maxBytes(TopicSpec spec) {
    return Integer.parseInt(spec.config().get("max.message.bytes"));
  }
}
