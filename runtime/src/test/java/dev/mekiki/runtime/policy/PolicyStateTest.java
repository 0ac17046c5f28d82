package dev.mekiki.runtime.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyStateTest {
  private static final Topics TOPICS = Topics.withDefaultPrefix();
  private static final String HEX = "ab".repeat(32);
  private static final Sha256 A = new Sha256(1, 2, 3, 4);
  private static final Sha256 B = new Sha256(2, 2, 3, 4);
  private static final VerdictId PAIR = new VerdictId("shop", A, B);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PolicyDetails details = new PolicyDetails();
  private final PolicyState state = new PolicyState(TOPICS, new SkippedRecords(meters), details);
  private long offset;

  @Test
  void decisionsComeAndGoWithTheirRecords() {
    assertThat(state.policies().isEmpty()).isTrue();

    put(TOPICS.mutes(), "image/logo", Mute.newBuilder().setImageId("logo").build());
    put(TOPICS.verdicts(), PAIR.toString(), verdict(Verdict.Decision.DISMISSED));
    put(
        TOPICS.tenants(),
        "shop",
        TenantSettings.newBuilder().setTenant("shop").setFingerprintRadius(10).build());
    assertThat(state.policies().isMuted(image("logo"))).isTrue();
    assertThat(state.policies().isMuted(image("other"))).isFalse();
    assertThat(state.policies().isDismissed("shop", B, A)).isTrue();
    assertThat(state.policies().isDismissed("", A, B)).isFalse();
    assertThat(state.policies().fingerprintRadius("shop")).isEqualTo(10);
    assertThat(state.policies().fingerprintRadius("")).isEqualTo(256);
    assertThat(details.mutes()).extracting(Mute::getId).containsExactly("image/logo");
    assertThat(requireNonNull(details.verdict(PAIR)).getSha256A()).isEqualTo(A.toHex());
    assertThat(details.tenants()).hasSize(1);

    put(TOPICS.verdicts(), PAIR.toString(), verdict(Verdict.Decision.CONFIRMED));
    assertThat(state.policies().isDismissed("shop", A, B)).isFalse();
    assertThat(details.verdicts()).isEqualTo(1);

    send(TOPICS.mutes(), "image/logo", null);
    send(TOPICS.verdicts(), PAIR.toString(), null);
    send(TOPICS.tenants(), "shop", null);
    assertThat(state.policies().isEmpty()).isTrue();
    assertThat(details.mutes()).isEmpty();
    assertThat(details.verdicts()).isZero();
    assertThat(details.tenants()).isEmpty();
    assertThat(leftOut()).isEmpty();
  }

  @Test
  void valueNeedNotRepeatTheKeyNorSayWhen() {
    send(TOPICS.verdicts(), PAIR.toString(), "{\"decision\": \"DISMISSED\", \"later\": {}}");
    send(TOPICS.tenants(), "shop", "{\"fingerprintRadius\": 3}");

    assertThat(state.policies().isDismissed("shop", A, B)).isTrue();
    assertThat(state.policies().fingerprintRadius("shop")).isEqualTo(3);
    Verdict verdict = requireNonNull(details.verdict(PAIR));
    assertThat(verdict.getId()).isEqualTo(PAIR.toString());
    assertThat(verdict.getTenant()).isEqualTo("shop");
    assertThat(Timestamps.toMillis(verdict.getTime())).isEqualTo(1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          image/x | no JSON | undecodable
          image/x | [1] | undecodable
          image/x | {} | invalid
          image/x | {"imageId": "y"} | wrong-key
          image/x | {"imageId": "x", "id": "image/y"} | wrong-key
          image/x | {"imageId": "x", "tenant": "shop"} | wrong-key
          image/x | {"fingerprint": {"radius": 1e999999999}} | undecodable
          image/x | {"imageId": "x", "time": "yesterday"} | undecodable
          image/  | {"imageId": ""} | invalid
          sha256/AB | {"sha256": "AB"} | invalid
          fingerprint/HEX/257 | {"fingerprint": {"fingerprint": "HEX", "radius": 257}} | invalid
          fingerprint/HEX/-1 | {"fingerprint": {"fingerprint": "HEX", "radius": -1}} | invalid
          fingerprint/12/1 | {"fingerprint": {"fingerprint": "12", "radius": 1}} | invalid
          """)
  void recordThatIsNoMuteIsLeftOut(String key, String value, String reason) {
    send(TOPICS.mutes(), key.replace("HEX", HEX), value.replace("HEX", HEX));

    assertThat(leftOut()).containsExactly(reason);
    assertThat(state.policies().isEmpty()).isTrue();
    assertThat(details.mutes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          x | {"decision": "DISMISSED"} | wrong-key
          PAIR | {"decision": "PERHAPS"} | invalid
          PAIR | {"decision": 7} | invalid
          PAIR | {} | invalid
          PAIR | {"decision": "DISMISSED", "tenant": "other"} | wrong-key
          PAIR | {"decision": "DISMISSED", "sha256A": "HEX"} | wrong-key
          PAIR | {"decision": "DISMISSED", "fingerprintDistance": 257} | invalid
          PAIR | {"decision": "DISMISSED", "id": "x"} | wrong-key
          PAIR | true | undecodable
          """)
  void recordThatIsNoVerdictIsLeftOut(String key, String value, String reason) {
    send(TOPICS.verdicts(), key.replace("PAIR", PAIR.toString()), value.replace("HEX", HEX));

    assertThat(leftOut()).containsExactly(reason);
    assertThat(state.policies().isEmpty()).isTrue();
    assertThat(details.verdicts()).isZero();
  }

  @Test
  void tombstoneOfNothingIsNoVerdictEither() {
    send(TOPICS.verdicts(), "x", null);
    assertThat(leftOut()).containsExactly("wrong-key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          shop | {"tenant": "other", "fingerprintRadius": 3} | wrong-key
          shop | {"fingerprintRadius": -1} | invalid
          shop | {"fingerprintRadius": 257} | invalid
          shop | {"fingerprintRadius": 1.5} | undecodable
          """)
  void recordThatIsNoTenantIsLeftOut(String key, String value, String reason) {
    send(TOPICS.tenants(), key, value);

    assertThat(leftOut()).containsExactly(reason);
    assertThat(state.policies().isEmpty()).isTrue();
  }

  @Test
  void whatIsTooLargeOrNestedOrNotTextIsLeftOut() {
    send(
        TOPICS.mutes(),
        "image/x",
        "{\"imageId\": \"x\", \"reason\": \"" + "r".repeat(70_000) + "\"}");
    send(
        TOPICS.mutes(),
        "image/x",
        "{\"imageId\": \"x\", \"reason\": \"" + "r".repeat(5_000) + "\"}");
    send(TOPICS.mutes(), "image/x", "{\"x\": " + "[".repeat(65_000));
    apply(TOPICS.mutes(), "image/x".getBytes(UTF_8), new byte[] {'{', '"', (byte) 0xC3, '(', '"'});
    apply(TOPICS.mutes(), new byte[] {(byte) 0xC3, '('}, null);
    apply(TOPICS.mutes(), null, null);
    send(TOPICS.tenants(), "t".repeat(200), "{}");

    assertThat(leftOut())
        .containsExactly(
            "invalid",
            "invalid",
            "too-large",
            "undecodable",
            "undecodable",
            "wrong-key",
            "wrong-key");
    assertThat(state.policies().isEmpty()).isTrue();
  }

  @Test
  void moreThanTenThousandMutesAreLeftOut() {
    for (int i = 0; i < PolicyLimits.MAX_MUTES + 2; i++) {
      send(TOPICS.mutes(), "image/" + i, "{\"imageId\": \"" + i + "\"}");
    }
    send(TOPICS.mutes(), "image/0", "{\"imageId\": \"0\", \"reason\": \"again\"}");

    assertThat(state.policies().mutes()).isEqualTo(PolicyLimits.MAX_MUTES);
    assertThat(leftOut()).containsExactly("too-many", "too-many");
    assertThat(details.mutes()).hasSize(PolicyLimits.MAX_MUTES);
    assertThat(requireNonNull(details.mute("image/0")).getReason()).isEqualTo("again");
  }

  @Test
  void mutesOfAllKindsMute() {
    HashCode print = HashCode.fromHex(HEX);
    put(TOPICS.mutes(), "sha256/" + A.toHex(), Mute.newBuilder().setSha256(A.toHex()).build());
    assertThat(state.policies().isMuted(image("x"))).isTrue();
    send(TOPICS.mutes(), "sha256/" + A.toHex(), null);
    assertThat(state.policies().isMuted(image("x"))).isFalse();
    put(
        TOPICS.mutes(),
        "fingerprint/" + print.toHex() + "/0",
        Mute.newBuilder()
            .setFingerprint(MutedFingerprint.newBuilder().setFingerprint(print.toHex()))
            .build());
    assertThat(state.policies().isMuted(image("x"))).isTrue();
  }

  @Test
  void verdictsAreListedNewestFirstPageByPageWhileOthersCome() {
    Random random = new Random(1);
    TreeMap<Long, String> byTime = new TreeMap<>(Collections.reverseOrder());
    for (int i = 0; i < 100; i++) {
      VerdictId id = new VerdictId(i % 3 == 0 ? "shop" : "", new Sha256(i, 0, 0, 0), B);
      long millis = random.nextLong(1_000_000_000_000L);
      send(
          TOPICS.verdicts(),
          id.toString(),
          "{\"decision\": \"CONFIRMED\", \"note\": \"n%d\", \"time\": \"%s\"}"
              .formatted(i, Instant.ofEpochMilli(millis)));
      if (i % 3 != 0) {
        byTime.put(millis, "n" + i);
      }
    }
    List<String> read = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      PolicyDetails.Page page =
          details.verdicts(
              cursor == null ? null : PolicyDetails.Cursor.parse(cursor), 7, String::isEmpty);
      page.verdicts().forEach(verdict -> read.add(verdict.getNote()));
      cursor = page.next() == null ? null : page.next().toString();
      // Newer than all, and the one that the cursor is at.
      send(TOPICS.verdicts(), PAIR.toString(), "{\"decision\": \"CONFIRMED\"}");
      Verdict last = page.verdicts().getLast();
      send(TOPICS.verdicts(), last.getId(), null);
    } while (cursor != null);

    assertThat(read).containsExactlyElementsOf(byTime.values());
    assertThatThrownBy(() -> PolicyDetails.Cursor.parse("x")).hasMessageContaining("nextCursor");
  }

  @Test
  void verdictThatChangesIsListedOnce() {
    for (String time :
        List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z")) {
      send(
          TOPICS.verdicts(),
          PAIR.toString(),
          "{\"decision\": \"CONFIRMED\", \"time\": \"%s\", \"note\": \"%s\"}"
              .formatted(time, "at " + time));
      assertThat(details.verdicts(null, 10, _ -> true).verdicts())
          .extracting(Verdict::getNote)
          .containsExactly("at " + time);
    }
  }

  private static Verdict verdict(Verdict.Decision decision) {
    return Verdict.newBuilder()
        .setId(PAIR.toString())
        .setTenant(PAIR.tenant())
        .setSha256A(A.toHex())
        .setSha256B(B.toHex())
        .setDecision(decision)
        .build();
  }

  private static PlacedRevision image(String id) {
    return new PlacedRevision(
        id,
        new Revision("images", 0, 0),
        HashCode.of(64, 0L),
        new Fingerprint(HashCode.fromHex(HEX), 100),
        A,
        0,
        0,
        false,
        new Origin("shop", ""));
  }

  private void put(String topic, String key, Message value) {
    apply(topic, key.getBytes(UTF_8), PolicyJson.bytes(value));
  }

  private void send(String topic, String key, @Nullable String value) {
    apply(topic, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
  }

  private void apply(String topic, byte @Nullable [] key, byte @Nullable [] value) {
    state.apply(
        new ConsumerRecord<>(
            topic,
            0,
            offset++,
            1_000,
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            value,
            new RecordHeaders(),
            Optional.empty()));
  }

  /// The reasons, one for each record.
  private List<String> leftOut() {
    List<String> reasons = new ArrayList<>();
    for (Counter counter : meters.find("mekiki.service.records.skipped").counters()) {
      reasons.addAll(
          Collections.nCopies(
              (int) counter.count(), requireNonNull(counter.getId().getTag("reason"))));
    }
    Collections.sort(reasons);
    return reasons;
  }
}
