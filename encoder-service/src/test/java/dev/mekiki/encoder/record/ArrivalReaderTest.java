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
        .isEqualTo(
            new Arrival.Image(new ImageId("a"), VALUE, "", Map.of(), false, Origin.UNKNOWN, null));
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
                Origin.UNKNOWN,
                null));
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
                new Origin("shop 靴", "upload/7"),
                null));

    headers.remove("mekiki-tenant");
    headers.remove("mekiki-source");
    add("account", "shop");
    assertThat(new ArrivalReader("account").read(record("a", VALUE, 0, headers)))
        .isEqualTo(
            new Arrival.Image(
                new ImageId("a"), VALUE, "", Map.of(), false, new Origin("shop", ""), null));
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-31T00:00:00Z",
        "2026-12-31T01:30:00.000+01:30",
        "1798675200000",
        " 1798675200000 "
      })
  void expiryIsATimeOrMilliseconds(String expires) {
    add("mekiki-expires", expires);
    assertThat(READER.read(record("a", VALUE, 1_798_675_199_999L, headers)))
        .isInstanceOfSatisfying(
            Arrival.Image.class,
            image -> {
              assertThat(image.expires()).isEqualTo(1_798_675_200_000L);
              assertThat(image.metadata()).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "2026-12-31",
        "2026-12-31T00:00:00",
        "-1",
        "253402300800000",
        "999999999999999999",
        "9999999999999999999999",
        "+999999999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "1e3"
      })
  void expiryThatSaysNoTimeIsRefused(String expires) {
    add("mekiki-expires", expires);
    assertThat(refused(read("a", VALUE)))
        .hasValueSatisfying(letter -> {
          assertThat(letter.reason()).isEqualTo(Reason.BAD_METADATA);
          assertThat(letter.message())
              .startsWith("mekiki-expires: '" + expires + "' (expected: a time such as 20");
        });
  }

  @Test
  void expiryInThePastIsRefused() {
    long sent = 1_798_675_200_000L;
    for (String expires : List.of("1798675200000", "2020-01-01T00:00:00Z", "0")) {
      Headers one = new RecordHeaders().add("mekiki-expires", expires.getBytes(UTF_8));
      assertThat(refused(READER.read(record("a", VALUE, sent, one))))
          .hasValueSatisfying(letter -> {
            assertThat(letter.reason()).isEqualTo(Reason.BAD_METADATA);
            assertThat(letter.message())
                .contains("an expiry in the past", "2026-12-31T00:00:00Z", "stays indexed");
          });
      // Nothing of a deletion expires.
      assertThat(READER.read(record("a", null, sent, one)))
          .isEqualTo(new Arrival.Deletion(new ImageId("a")));
    }
    Headers long1 = new RecordHeaders().add("mekiki-expires", "1".repeat(10_000).getBytes(UTF_8));
    assertThat(refused(READER.read(record("a", VALUE, sent, long1))))
        .hasValueSatisfying(letter ->
            assertThat(letter.message()).contains("mekiki-expires", "10000 bytes", "at most 64"));
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
                  false,
                  Origin.UNKNOWN,
                  null));
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
                false,
                Origin.UNKNOWN,
                null));
  }

  @Test
  void referenceThatNamesNothingDeletesNothing() {
    headers.add("ce_dataref", null);
    assertThat(read("a", null))
        .isEqualTo(
            new Arrival.Reference(
                new ImageId("a"), "", "", Map.of("ce_dataref", ""), false, Origin.UNKNOWN, null));
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
        .isEqualTo(
            new Arrival.Image(
                new ImageId("a"), VALUE, "", Map.of("flag", ""), false, Origin.UNKNOWN, null));
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
    assertThat(refused(READER.read(record("a", VALUE, 253_402_300_799_999L, headers)))).isEmpty();
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
