package dev.mekiki.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.schemas.v1.SourceCoordinate;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class ProtobufSerdeTest {
  private final ProtobufSerde<SourceCoordinate> serde =
      ProtobufSerde.of(SourceCoordinate.getDefaultInstance());

  @Test
  void messageComesBackUnchanged() {
    SourceCoordinate message =
        SourceCoordinate.newBuilder().setTopic("images").setPartition(3).setOffset(17).build();
    byte[] bytes = serde.serializer().serialize("t", message);
    assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(message);
  }

  @Test
  void tombstoneStaysNull() {
    assertThat(serde.serializer().serialize("t", null)).isNull();
    assertThat(serde.deserializer().deserialize("t", (byte[]) null)).isNull();
  }

  @Test
  void bytesThatAreNoMessageNameTheTopicAndType() {
    assertThatThrownBy(() -> serde.deserializer().deserialize("codes", new byte[] {(byte) 0xFF}))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("codes")
        .hasMessageContaining("SourceCoordinate");
  }
}
