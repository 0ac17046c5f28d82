package dev.mekiki.schemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "shop/1/front.jpg", "two\nlines 'and' \"quotes\"", "目利き", "\0"})
  void anyTextIsAnIdAndComesBackUnchanged(String text) {
    ImageId id = ImageId.parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(id.value()).isEqualTo(text);
    assertThat(id.toBytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void idOfExactlyTheLimitIsAccepted() {
    assertThat(ImageId.parse(new byte[ImageId.MAX_BYTES]).value()).hasSize(ImageId.MAX_BYTES);
  }

  @Test
  void missingKeyIsRefused() {
    assertThatThrownBy(() -> ImageId.parse(null)).hasMessageContaining("no key");
  }

  @Test
  void emptyKeyIsRefused() {
    assertThatThrownBy(() -> ImageId.parse(new byte[0])).hasMessageContaining("0 bytes");
  }

  @Test
  void longKeyIsRefusedWithItsLength() {
    assertThatThrownBy(() -> ImageId.parse(new byte[10_000]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image id: 10000 bytes (expected: 1 to 1024 bytes of UTF-8)");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertThatThrownBy(() -> ImageId.parse(new byte[] {'a', (byte) 0xC3, 'b'}))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void limitCountsBytesNotCharacters() {
    assertThatThrownBy(() -> new ImageId("é".repeat(513))).hasMessageContaining("1026 bytes");
  }

  @Test
  void loneSurrogateIsRefused() {
    assertThatThrownBy(() -> new ImageId("a\uD800")).hasMessageContaining("surrogate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "shop/1/front.jpg", "目利き", "0123456789"})
  void partitionIsTheOneThatKafkaChooses(String text) {
    ImageId id = new ImageId(text);
    assertThat(id.partition(7))
        .isEqualTo(BuiltInPartitioner.partitionForKey(id.toBytes(), 7))
        .isEqualTo(ImageId.partition(id.toBytes(), 7));
  }
}
