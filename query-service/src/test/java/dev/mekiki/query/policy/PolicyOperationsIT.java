package dev.mekiki.query.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.images.RecordSender;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.runtime.kafka.TopicProvisioner;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.runtime.policy.PolicyFollower.Keep;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import dev.mekiki.schemas.v1.Verdict.Decision;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Decisions written to a broker and read back, about pictures that the test makes up.
class PolicyOperationsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Scope ANYBODY = new Scope(null, false);
  private static final String HEX = "0f".repeat(32);
  private static final ByteString LOGO = ByteString.copyFromUtf8("logo");
  private static final ByteString GREY = ByteString.copyFromUtf8("grey");

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static KafkaClients kafka;
  private static RecordSender sender;

  private final Pictures pictures = new Pictures();
  private PolicyFollower follower;
  private MuteOperations mutes;
  private VerdictOperations verdicts;
  private TenantOperations tenants;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    QueryConfig config =
        Configuration.of(
            QueryConfig.class, Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
    kafka = new KafkaClients(config.kafka(), config.images());
    sender = RecordSender.open(kafka.producer(), TIMEOUT);
  }

  @AfterAll
  static void stopBroker() {
    sender.close();
    broker.close();
  }

  @BeforeEach
  void start(TestInfo test) throws InterruptedException {
    Topics topics = new Topics(test.getTestMethod().orElseThrow().getName() + ".");
    TopicProvisioner.ensure(kafka, TopicSpec.policy(topics, (short) 1));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    follower =
        PolicyFollower.start(
            kafka,
            topics,
            new FailureOwner("sample", meters),
            new SkippedRecords(meters),
            meters,
            Keep.DETAILS);
    follower.awaitCaughtUp(TIMEOUT);
    PolicyStore store = new PolicyStore(follower, sender, topics, TIMEOUT);
    mutes = new MuteOperations(store, pictures);
    verdicts = new VerdictOperations(store, pictures);
    tenants = new TenantOperations(store, pictures);
    pictures.add("a", "", 1, 0);
    pictures.add("b", "", 2, 3);
    pictures.add("c", "", 1, 0);
    pictures.add("far", "", 3, 40);
    pictures.add("shop/1", "shop", 4, 0);
    pictures.add("shop/2", "shop", 5, 0);
  }

  @AfterEach
  void stop() {
    follower.close();
  }

  @Test
  void muteIsThereAtOnceAndGoneAtOnce() throws Exception {
    Mute image =
        mutes.create(
            mute().setImageId("logos/1.png").setAuthor("ann").setReason("our logo").build(),
            ANYBODY);
    Mute print =
        mutes.create(
            mute().setFingerprint(MutedFingerprint.newBuilder().setFingerprint(HEX)).build(),
            ANYBODY);

    assertThat(mutes.list(ANYBODY).getMutesList()).containsExactly(print, image);
    assertThat(image.getId()).isEqualTo("image/logos/1.png");
    assertThat(image.getAuthor()).isEqualTo("ann");
    assertThat(image.hasTenant()).isFalse();
    assertThat(Timestamps.toMillis(image.getTime())).isPositive();
    assertThat(print.getFingerprint().getRadius()).isEqualTo(31);
    assertThat(follower.policies().mutes()).isEqualTo(2);

    // Again: replaced.
    Mute again = mutes.create(mute().setImageId("logos/1.png").setReason("again").build(), ANYBODY);
    assertThat(mutes.list(ANYBODY).getMutesList()).containsExactly(again, print);

    assertThat(mutes.delete(delete(image.getId()), ANYBODY)).isEqualTo(again);
    assertThat(mutes.list(ANYBODY).getMutesList()).containsExactly(print);
    refused(
        () -> mutes.delete(delete(image.getId()), ANYBODY),
        Status.Code.NOT_FOUND,
        "id: 'image/logos/1.png' is no mute");
  }

  @Test
  void pictureIsMutedByItsFingerprintOrItsBytes() throws Exception {
    Mute logo = mutes.create(mute().setImage(LOGO).setRadius(20).build(), ANYBODY);
    assertThat(logo.getFingerprint())
        .isEqualTo(MutedFingerprint.newBuilder().setFingerprint(HEX).setRadius(20).build());
    assertThat(mutes.create(mute().setImage(LOGO).build(), ANYBODY).getFingerprint().getRadius())
        .isEqualTo(31);
    Mute grey = mutes.create(mute().setImage(GREY).build(), ANYBODY);
    assertThat(grey.getId()).isEqualTo("sha256/" + "07".repeat(32));
    refused(
        () -> mutes.create(mute().setImage(GREY).setRadius(31).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "radius: 31, but its fingerprint has the quality 12, below 50");
  }

  @Test
  void muteOfNearlyEverythingNeedsForce() throws Exception {
    for (int radius : List.of(61, 255)) {
      refused(
          () -> mutes.create(print(radius).build(), ANYBODY),
          Status.Code.INVALID_ARGUMENT,
          "radius: %d mutes pictures that have nothing in common (expected: at most 60; or force"
              .formatted(radius));
    }
    refused(
        () -> mutes.create(print(256).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "radius: 256 mutes every picture (expected: at most 60; or force");
    refused(
        () -> mutes.create(print(257).setForce(true).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "radius: 257 (expected: 0..256)");
    refused(
        () -> mutes.create(print(0).setRadius(-1).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "radius: -1 (expected: 0..256)");
    assertThat(mutes.list(ANYBODY).getMutesList()).isEmpty();
    assertThat(mutes.create(print(60).build(), ANYBODY).getId()).endsWith("/60");
    assertThat(mutes.create(print(256).setForce(true).build(), ANYBODY).getId()).endsWith("/256");
    assertThat(mutes.create(print(5).setRadius(0).build(), ANYBODY).getId()).endsWith("/0");
  }

  @Test
  void muteThatIsNoneIsRefused() {
    refusedMute(mute(), "mute: of nothing (expected: imageId, fingerprint or image)");
    refusedMute(mute().setImageId(""), "image id: 0 bytes");
    refusedMute(mute().setImageId("x".repeat(1025)), "image id: 1025 bytes");
    refusedMute(mute().setImageId("x").setRadius(3), "radius: 3, but an image is muted by its id");
    refusedMute(
        mute().setFingerprint(MutedFingerprint.newBuilder().setFingerprint("12")),
        "fingerprint: '12' (expected: 64 lower-case hexadecimal digits)");
    refusedMute(
        mute().setImageId("x").setAuthor("a".repeat(257)),
        "author: 257 bytes (expected: at most 256)");
    refusedMute(
        mute().setImageId("x").setReason("r".repeat(4097)),
        "reason: 4097 bytes (expected: at most 4096)");
    refusedMute(mute().setImageId("x").setTenant("t".repeat(129)), "tenant: 129 bytes");
  }

  @Test
  void mutesOfOneTenantAreItsOwn() throws Exception {
    Scope shop = new Scope("shop", false);
    Mute everybody = mutes.create(mute().setImageId("x").build(), ANYBODY);
    Mute own = mutes.create(mute().setImageId("x").build(), shop);
    Mute others = mutes.create(mute().setImageId("x").setTenant("").build(), ANYBODY);

    assertThat(own.getId()).isEqualTo("shop/image/x");
    assertThat(own.getTenant()).isEqualTo("shop");
    assertThat(others.getId()).isEqualTo("/image/x");
    assertThat(mutes.list(shop).getMutesList()).containsExactly(own);
    assertThat(mutes.list(ANYBODY).getMutesList()).containsExactly(others, own, everybody);
    refused(
        () -> mutes.create(mute().setImageId("x").setTenant("other").build(), shop),
        Status.Code.PERMISSION_DENIED,
        "tenant: 'other' (expected: 'shop', which the token is bound to)");
    refused(
        () -> mutes.delete(delete(everybody.getId()), shop), Status.Code.NOT_FOUND, "is no mute");
    assertThat(mutes.delete(delete(own.getId()), shop)).isEqualTo(own);
  }

  @Test
  void verdictBelongsToTheContents() throws Exception {
    Verdict verdict = verdicts.put(judged("b", "a", Decision.DISMISSED).build(), ANYBODY);

    assertThat(verdict.getId()).isEqualTo("01".repeat(32) + "-" + "02".repeat(32));
    assertThat(List.of(verdict.getImageA(), verdict.getImageB())).containsExactly("a", "b");
    assertThat(verdict.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(verdict.getDecidedBy()).isEqualTo(DecidedBy.FINGERPRINT);
    assertThat(verdict.getFingerprintDistance()).isEqualTo(3);
    assertThat(verdict.getCodeDistance()).isZero();
    assertThat(follower.policies().dismissedPairs()).isOne();
    // The same bytes as a.
    Verdict replaced =
        verdicts.put(judged("c", "b", Decision.CONFIRMED).setNote("yes").build(), ANYBODY);
    assertThat(replaced.getId()).isEqualTo(verdict.getId());
    assertThat(follower.policies().dismissedPairs()).isZero();
    assertThat(list(10, "").getVerdictsList()).containsExactly(replaced);

    assertThat(
            verdicts.delete(DeleteVerdictRequest.newBuilder().setA("a").setB("b").build(), ANYBODY))
        .isEqualTo(replaced);
    assertThat(list(10, "").getVerdictsList()).isEmpty();
    refused(
        () ->
            verdicts.delete(DeleteVerdictRequest.newBuilder().setA("a").setB("b").build(), ANYBODY),
        Status.Code.NOT_FOUND,
        "a, b: 'a' and 'b': nobody has judged this pair");
    refused(
        () ->
            verdicts.delete(
                DeleteVerdictRequest.newBuilder().setId(verdict.getId()).build(), ANYBODY),
        Status.Code.NOT_FOUND,
        "nobody has judged this pair");
  }

  @Test
  void kindOfAVerdictIsThatOfTheEventOrWhatBytesAndFingerprintsSay() throws Exception {
    assertThat(verdicts.put(judged("a", "c", Decision.CONFIRMED).build(), ANYBODY).getKind())
        .isEqualTo(MatchKind.EXACT);
    assertThat(verdicts.put(judged("a", "far", Decision.CONFIRMED).build(), ANYBODY).getKind())
        .isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);
    Verdict aligned =
        verdicts.put(
            judged("a", "far", Decision.CONFIRMED)
                .setKind(MatchKind.DUPLICATE)
                .setDecidedBy(DecidedBy.ALIGNMENT)
                .build(),
            ANYBODY);
    assertThat(aligned.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
    assertThat(aligned.getFingerprintDistance()).isEqualTo(40);
  }

  @Test
  void verdictThatIsNoneIsRefused() {
    refusedVerdict(judged("a", "nowhere", Decision.CONFIRMED), Status.Code.NOT_FOUND, "'nowhere'");
    refusedVerdict(judged("gone", "a", Decision.CONFIRMED), Status.Code.NOT_FOUND, "'gone'");
    refusedVerdict(
        judged("a", "a", Decision.CONFIRMED),
        Status.Code.INVALID_ARGUMENT,
        "a, b: both are 'a' (expected: two images)");
    refusedVerdict(
        judged("a", "b", Decision.DECISION_UNSPECIFIED),
        Status.Code.INVALID_ARGUMENT,
        "decision: none (expected: CONFIRMED or DISMISSED)");
    refusedVerdict(
        judged("a", "b", Decision.CONFIRMED).setKindValue(77),
        Status.Code.INVALID_ARGUMENT,
        "kind: unknown");
    refusedVerdict(
        judged("a", "b", Decision.CONFIRMED).setNote("n".repeat(5000)),
        Status.Code.INVALID_ARGUMENT,
        "note: 5000 bytes (expected: at most 4096)");
    refusedVerdict(
        judged("a", "shop/1", Decision.CONFIRMED),
        Status.Code.INVALID_ARGUMENT,
        "a, b: of the tenants '' and 'shop'");
    refused(
        () -> verdicts.delete(DeleteVerdictRequest.getDefaultInstance(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "verdict: none named");
    refused(
        () -> verdicts.delete(DeleteVerdictRequest.newBuilder().setId("x").build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "id: 'x' (expected: two SHA-256");
    refused(() -> list(0, ""), Status.Code.INVALID_ARGUMENT, "limit: 0 (expected: 1..1000)");
    refused(
        () -> list(1, "?"),
        Status.Code.INVALID_ARGUMENT,
        "cursor: '?' (expected: the nextCursor of an answer)");
  }

  @Test
  void verdictsOfOneTenantAreItsOwnUnlessTenantsAreShared() throws Exception {
    Scope shop = new Scope("shop", false);
    Verdict own = verdicts.put(judged("shop/1", "shop/2", Decision.DISMISSED).build(), shop);
    assertThat(own.getTenant()).isEqualTo("shop");
    assertThat(own.getId()).startsWith("shop/");
    refused(
        () -> verdicts.put(judged("a", "b", Decision.DISMISSED).build(), shop),
        Status.Code.NOT_FOUND,
        "'a'");
    Verdict others = verdicts.put(judged("a", "b", Decision.DISMISSED).build(), ANYBODY);
    assertThat(verdicts.list(ListVerdictsRequest.getDefaultInstance(), shop).getVerdictsList())
        .containsExactly(own);
    refused(
        () ->
            verdicts.delete(DeleteVerdictRequest.newBuilder().setId(others.getId()).build(), shop),
        Status.Code.NOT_FOUND,
        "nobody has judged");

    Scope shared = new Scope("shop", true);
    Verdict common = verdicts.put(judged("a", "shop/1", Decision.DISMISSED).build(), shared);
    assertThat(common.getTenant()).isEmpty();
    assertThat(verdicts.list(ListVerdictsRequest.getDefaultInstance(), shared).getVerdictsList())
        .containsExactly(common, others, own);
  }

  @Test
  void verdictsAreListedByCursor() throws Exception {
    for (int i = 0; i < 7; i++) {
      pictures.add("many/" + i, "", 10 + i, i);
      verdicts.put(judged("a", "many/" + i, Decision.CONFIRMED).build(), ANYBODY);
    }
    List<String> listed = new ArrayList<>();
    String cursor = "";
    do {
      ListVerdictsResponse page = list(3, cursor);
      page.getVerdictsList().forEach(verdict -> listed.add(verdict.getImageB()));
      cursor = page.getNextCursor();
    } while (!cursor.isEmpty());
    assertThat(listed)
        .containsExactly("many/6", "many/5", "many/4", "many/3", "many/2", "many/1", "many/0");
  }

  @Test
  void tenantsThresholdLiesWithinThatOfTheGeneration() throws Exception {
    TenantSettings shop = tenant("shop").setFingerprintRadius(12).build();
    TenantSettings set = tenants.put(shop, ANYBODY);
    assertThat(set.getFingerprintRadius()).isEqualTo(12);
    assertThat(tenants.list(ANYBODY).getTenantsList()).containsExactly(set);
    assertThat(follower.policies().fingerprintRadius("shop")).isEqualTo(12);
    refused(
        () -> tenants.put(shop.toBuilder().setFingerprintRadius(32).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "fingerprintRadius: 32 (expected: 0..31, that of the generation");
    refused(
        () -> tenants.put(shop.toBuilder().setFingerprintRadius(-1).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "fingerprintRadius: -1");
    refused(
        () -> tenants.put(shop, new Scope("other", false)),
        Status.Code.PERMISSION_DENIED,
        "tenant: 'shop'");
    refused(
        () -> tenants.put(tenant("t".repeat(10_000)).build(), ANYBODY),
        Status.Code.INVALID_ARGUMENT,
        "tenant: 10000 bytes (expected: at most 128)");
    assertThat(tenants.list(new Scope("other", false)).getTenantsList()).isEmpty();

    tenants.put(tenant("shop").build(), ANYBODY);
    assertThat(tenants.list(ANYBODY).getTenantsList()).isEmpty();
    assertThat(follower.policies().isEmpty()).isTrue();
  }

  private ListVerdictsResponse list(int limit, String cursor) {
    return verdicts.list(
        ListVerdictsRequest.newBuilder().setLimit(limit).setCursor(cursor).build(), ANYBODY);
  }

  private void refusedMute(CreateMuteRequest.Builder mute, String message) {
    refused(() -> mutes.create(mute.build(), ANYBODY), Status.Code.INVALID_ARGUMENT, message);
  }

  private void refusedVerdict(PutVerdictRequest.Builder verdict, Status.Code code, String message) {
    refused(() -> verdicts.put(verdict.build(), ANYBODY), code, message);
  }

  private static void refused(ThrowingCallable call, Status.Code code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(message);
            });
  }

  private static CreateMuteRequest.Builder mute() {
    return CreateMuteRequest.newBuilder();
  }

  private static CreateMuteRequest.Builder print(int radius) {
    return mute()
        .setFingerprint(MutedFingerprint.newBuilder().setFingerprint(HEX).setRadius(radius));
  }

  private static DeleteMuteRequest delete(String id) {
    return DeleteMuteRequest.newBuilder().setId(id).build();
  }

  private static PutVerdictRequest.Builder judged(String a, String b, Decision decision) {
    return PutVerdictRequest.newBuilder().setA(a).setB(b).setDecision(decision);
  }

  private static TenantSettings.Builder tenant(String name) {
    return TenantSettings.newBuilder().setTenant(name);
  }

  /// Two pictures, and images as they are indexed.
  private static final class Pictures implements PictureSource {
    private final Map<String, ImageCode> indexed = new HashMap<>();

    /// @param distance from a fingerprint of zeros
    void add(String id, String tenant, int bytes, int distance) {
      byte[] fingerprint = new byte[32];
      for (int i = 0; i < distance; i++) {
        fingerprint[i / 8] |= (byte) (1 << (i % 8));
      }
      indexed.put(
          id,
          ImageCode.newBuilder()
              .setTenant(tenant)
              .setSha256(bytes(bytes))
              .setHashCode(ByteString.copyFrom(new byte[8]))
              .setFingerprint(ByteString.copyFrom(fingerprint))
              .setFingerprintQuality(100)
              .build());
    }

    private static ByteString bytes(int value) {
      return ByteString.copyFrom(HexFormat.of().parseHex("%02x".formatted(value).repeat(32)));
    }

    @Override
    public PlacedImage indexed(String id, @Nullable String tenant) {
      ImageCode code = indexed.get(id);
      if (code == null || (tenant != null && !code.getTenant().equals(tenant))) {
        throw Status.NOT_FOUND.withDescription("id: '%s'".formatted(id)).asRuntimeException();
      }
      return PlacedImage.newBuilder().setCode(code).build();
    }

    @Override
    public EncodeResponse encoded(ByteString picture) {
      return EncodeResponse.newBuilder()
          .setSha256(bytes(7))
          .setFingerprint(bytes(15))
          .setFingerprintQuality(picture.equals(GREY) ? 12 : 90)
          .build();
    }

    @Override
    public int fingerprintRadius() {
      return 31;
    }
  }
}
