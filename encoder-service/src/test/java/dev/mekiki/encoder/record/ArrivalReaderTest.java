package dev.mekiki.encoder.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoder.record.DeadLetter.Reason;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.topic.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalReaderTest {
  private static final byte[] VALUE = {1, 2, 3};
  private static final ArrivalReader READER = new ArrivalReader(ImageHeaders.TENANT);
  private final Headers headers = new RecordHeaders();

  @Test
  void plainRecordIsAnImage() {
    assertThat(read("a", VALUE))
        .isEqualTo(new Arrival.Image(new ImageId("a"), VALUE, "", Map.of(), false, Origin.UNKNOWN));
  }

  @Test
  void nullIsADeletion() {
    assertThat(read("a", null)).isEqualTo(new Arrival.Deletion(new ImageId("a")));
  }

  @Test
  void headersBecomeMetadataExceptThoseWithAMeaning() {
    add("content-type", "image/png");
    add("ce_specversion", "1.0");
    add("ce_type", "shop.photo");
    add("mekiki-mute", "true");
    add("mekiki-dlq-offset", "3");
    add("category", "shoes 靴");
    add("category", "boots");
    assertThat(read("a", VALUE))
        .isEqualTo(
            new Arrival.Image(
                new ImageId("a"),
                VALUE,
                "image/png",
                Map.of("ce_specversion", "1.0", "ce_type", "shop.photo", "category", "boots"),
                true,
                Origin.UNKNOWN));
  }

  @Test
  void tenantAndSourceAreNoMetadata() {
    add("mekiki-tenant", "shop 靴");
    add("mekiki-source", "upload/7");
    assertThat(read("a", VALUE))
        .isEqualTo(
            new Arrival.Image(
                new ImageId("a"),
                VALUE,
                "",
                Map.of(),
                false,
                new Origin("shop 靴", "upload/7")));

    headers.remove("mekiki-tenant");
    headers.remove("mekiki-source");
    add("account", "shop");
    assertThat(new ArrivalReader("account").read(record("a", VALUE, 0, headers)))
        .isEqualTo(
            new Arrival.Image(
                new ImageId("a"), VALUE, "", Map.of(), false, new Origin("shop", "")));
  }

  @Test
  void tenantThatIsTooLongOrHasControlCharactersIsRefused() {
    for (String tenant : List.of("t".repeat(10_000), "t".repeat(129), "a\nb")) {
      headers.remove("mekiki-tenant");
      add("mekiki-tenant", tenant);
      assertThat(refused(read("a", VALUE)))
          .hasValueSatisfying(letter -> {
            assertThat(letter.reason()).isEqualTo(Reason.BAD_METADATA);
            assertThat(letter.message()).contains("mekiki-tenant").hasSizeLessThan(400);
          });
    }
    headers.remove("mekiki-tenant");
    add("mekiki-tenant", "t".repeat(128));
    assertThat(refused(read("a", VALUE))).isEmpty();
  }

  @Test
  void recordWithoutAValueThatNamesAnImageIsAReferenceAndNoDeletion() {
    add("content-type", "image/png");
    add("ce_dataref", "https://example.com/a.jpg?signature=secret");
    for (byte[] value : new byte[][] {null, {}}) {
      assertThat(read("a", value))
          .isEqualTo(
              new Arrival.Reference(
                  new ImageId("a"),
                  "https://example.com/a.jpg?signature=secret",
                  "image/png",
                  Map.of("ce_dataref", "https://example.com/a.jpg"),
                  false));
    }
  }

  @Test
  void valueCountsWhereARecordHasBoth() {
    add("ce_dataref", "https://user:secret@example.com/a.jpg?secret");
    assertThat(read("a", VALUE))
        .isEqualTo(
            new Arrival.Image(
                new ImageId("a"),
                VALUE,
                "",
                Map.of("ce_dataref", "https://example.com/a.jpg"),
                false));
  }

  @Test
  void referenceThatNamesNothingDeletesNothing() {
    headers.add("ce_dataref", null);
    assertThat(read("a", null))
        .isEqualTo(
            new Arrival.Reference(new ImageId("a"), "", "", Map.of("ce_dataref", ""), false));
  }

  @Test
  void longReferenceIsRefusedWithoutQuotingIt() {
    add("ce_dataref", "https://example.com/" + "secret".repeat(2000));
    assertThat(refused(read("a", null)))
        .hasValueSatisfying(letter -> {
          assertThat(letter.reason()).isEqualTo(Reason.REFERENCE_REFUSED);
          assertThat(letter.message())
              .contains("ce_dataref", "12020", "8192", "stays indexed")
              .doesNotContain("secret");
        });
  }

  @Test
  void structuredModeIsRefused() {
    add("content-type", "application/cloudevents+json; charset=utf-8");
    assertThat(refused(read("a", VALUE)).map(DeadLetter::reason)).contains(Reason.STRUCTURED_EVENT);
  }

  @Test
  void metadataUpToTheLimitIsKept() {
    add("big", "x".repeat(TopicSpec.METADATA_BYTES - 3));
    assertThat(refused(read("a", VALUE))).isEmpty();
    add("y", "");
    assertThat(refused(read("a", VALUE)))
        .hasValueSatisfying(letter -> {
          assertThat(letter.reason()).isEqualTo(Reason.BAD_METADATA);
          assertThat(letter.message()).contains("65536");
        });
  }

  @Test
  void headerThatIsNotUtf8IsRefusedByName() {
    headers.add("trace", new byte[] {(byte) 0xFF});
    assertThat(refused(read("a", VALUE)))
        .hasValueSatisfying(letter -> assertThat(letter.message()).contains("'trace'", "UTF-8"));
  }

  @Test
  void headerWithoutValueIsEmptyMetadata() {
    headers.add("flag", null);
    assertThat(read("a", VALUE))
        .isEqualTo(new Arrival.Image(new ImageId("a"), VALUE, "", Map.of("flag", ""), false, Origin.UNKNOWN));
  }

  @Test
  void muteThatIsNeitherTrueNorFalseIsRefused() {
    add("mekiki-mute", "yes");
    assertThat(refused(read("a", VALUE)))
        .hasValueSatisfying(letter -> assertThat(letter.message()).contains("mekiki-mute: 'yes'"));
  }

  @Test
  void keyThatIsNoIdIsRefusedWhateverTheValue() {
    assertThat(refused(read(null, VALUE)).map(DeadLetter::reason)).contains(Reason.BAD_ID);
    assertThat(refused(read("", null)).map(DeadLetter::reason)).contains(Reason.BAD_ID);
  }

  private void add(String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  @Test
  void contentTypeLongerThanAnyMediaTypeIsRefusedWithoutQuotingIt() {
    add("content-type", "image/" + "x".repeat(1_500_000));
    assertThat(refused(read("a", VALUE)))
        .hasValueSatisfying(letter -> {
          assertThat(letter.reason()).isEqualTo(Reason.BAD_METADATA);
          assertThat(letter.message()).contains("content-type", "1500006", "255");
        });
  }

  @Test
  void whatADeadLetterQuotesIsBounded() {
    String huge = "\u0000x".repeat(500_000);
    for (String name : new String[] {"ce_dataref", "mekiki-mute", "content-type", huge}) {
      Headers one = new RecordHeaders().add(name, huge.getBytes(UTF_8));
      Arrival arrival = READER.read(record("a", VALUE, 0, one));
      assertThat(refused(arrival))
          .hasValueSatisfying(
              letter -> assertThat(letter.message().getBytes(UTF_8)).hasSizeLessThan(4096));
    }
    headers.add(huge, new byte[] {(byte) 0xFF});
    assertThat(refused(read("a", VALUE)))
        .hasValueSatisfying(
            letter -> assertThat(letter.message().getBytes(UTF_8)).hasSizeLessThan(4096));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 253_402_300_800_000L})
  void timestampThatCannotBeExpressedIsRefused(long timestamp) {
    assertThat(refused(READER.read(record("a", VALUE, timestamp, headers))))
        .hasValueSatisfying(letter -> {
          assertThat(letter.reason()).isEqualTo(Reason.BAD_TIMESTAMP);
          assertThat(letter.message()).contains(Long.toString(timestamp), "9999");
        });
    // A deletion carries no time.
    assertThat(READER.read(record("a", null, timestamp, headers)))
        .isEqualTo(new Arrival.Deletion(new ImageId("a")));
  }

  @Test
  void lastMillisecondOfTheYear9999IsAccepted() {
    assertThat(refused(READER.read(record("a", VALUE, 253_402_300_799_999L, headers))))
        .isEmpty();
  }

  private Arrival read(@Nullable String id, byte @Nullable [] value) {
    return READER.read(record(id, value, 0, headers));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      @Nullable String id, byte @Nullable [] value, long timestamp, Headers headers) {
    byte[] key = id == null ? null : id.getBytes(UTF_8);
    return new ConsumerRecord<>(
        "images",
        0,
        0,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        headers,
        Optional.empty());
  }

  private static Optional<DeadLetter> refused(Arrival arrival) {
    return arrival instanceof Arrival.Refused refused
        ? Optional.of(refused.deadLetter())
        : Optional.empty();
  }
}
