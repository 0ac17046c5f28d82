package dev.mekiki.query.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.query.compare.PairExplanation.Aligned;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.Alignment;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchLimits;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.Obstacle;
import dev.mekiki.schemas.v1.Obstacle.Kind;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Quarantine;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PairExplanationTest {
  private static final MatchRules RULES =
      MatchRules.newBuilder()
          .setMatching(true)
          .setSameSource(true)
          .setLimits(MatchLimits.newBuilder().setReach("everywhere").setFingerprintRadius(31))
          .build();
  private static final Aligned NOT = Aligned.not("copies are not looked for");

  private final ImageCode.Builder first = code("one", 0);
  private final ImageCode.Builder second = code("two", 0);

  @Test
  void sameBytesAreExactEvenWithoutFeatures() {
    second.setSha256(first.getSha256());
    CompareResponse compared = compare(RULES, PairPolicy.NONE, NOT);
    assertThat(compared.getKind()).isEqualTo(MatchKind.EXACT);
    assertThat(compared.getExplanation()).isEqualTo("the same bytes");
    assertThat(compared.getEmits()).isTrue();

    first.setFingerprintQuality(0);
    second.setFingerprintQuality(0);
    compared = compare(RULES, PairPolicy.NONE, NOT);
    assertThat(compared.getKind()).isEqualTo(MatchKind.EXACT);
    assertThat(compared.getEmits()).isTrue();
    assertThat(compared.hasMatchesFromRadius()).isFalse();
  }

  @Test
  void fingerprintsDecideAndTheirDistanceSaysFromWhichRadiusOn() {
    second.setFingerprint(bits(31));
    CompareResponse compared = compare(RULES, PairPolicy.NONE, NOT);
    assertThat(compared.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(compared.getDecidedBy()).isEqualTo(DecidedBy.FINGERPRINT);
    assertThat(compared.getExplanation())
        .isEqualTo("fingerprints differ in 31 of 256 bits (limit 31)");

    second.setFingerprint(bits(32));
    compared = compare(RULES, PairPolicy.NONE, NOT);
    assertThat(compared.getKind()).isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);
    assertThat(compared.getEmits()).isFalse();
    assertThat(compared.getMatchesFromRadius()).isEqualTo(32);
    assertThat(compared.getExplanation())
        .isEqualTo("no match: fingerprints differ in 32 of 256 bits (limit 31)");
    assertThat(compared.getAlignmentExplanation()).isEqualTo("copies are not looked for");
  }

  @Test
  void pictureWithoutFeaturesSaysSo() {
    first.setFingerprintQuality(49);
    CompareResponse compared = compare(RULES, PairPolicy.NONE, NOT);
    assertThat(compared.getKind()).isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);
    assertThat(obstacles(compared)).containsExactly(Kind.FEATURELESS);
    assertThat(compared.getExplanation()).contains("the bytes differ");
  }

  @Test
  void alignmentDecidesWhatFingerprintsDoNot() {
    second.setFingerprint(bits(100));
    Aligned copy =
        new Aligned(
            AlignedCandidate.newBuilder()
                .setResult(Result.COPY)
                .setAlignment(Alignment.newBuilder().setScale(2))
                .setExplanation("82 % of the first picture is seen in the second one")
                .build(),
            "");
    CompareResponse compared = compare(RULES, PairPolicy.NONE, copy);
    assertThat(compared.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(compared.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
    assertThat(compared.getExplanation()).startsWith("82 %");
    assertThat(compared.getAlignment().getScale()).isEqualTo(2);

    Aligned neither =
        new Aligned(AlignedCandidate.newBuilder().setResult(Result.NEITHER).build(), "");
    compared = compare(RULES, PairPolicy.NONE, neither);
    assertThat(compared.getKind()).isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);
    assertThat(compared.getAlignmentExplanation()).contains("neither picture");
  }

  @Test
  void codesDecideWhereNearIsOnAndUnderTheReachCodes() {
    second.setFingerprint(bits(100)).setHashCode(ByteString.copyFrom(HashCode.of(64, 7).toBytes()));
    MatchRules.Builder near = RULES.toBuilder();
    near.getLimitsBuilder().setNearRadius(3);
    assertThat(compare(near.build(), PairPolicy.NONE, NOT).getKind()).isEqualTo(MatchKind.NEAR);
    near.getLimitsBuilder().setNearRadius(2);
    assertThat(compare(near.build(), PairPolicy.NONE, NOT).getKind())
        .isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);

    second.setFingerprint(bits(0));
    MatchRules.Builder codes = RULES.toBuilder();
    codes.getLimitsBuilder().setReach("codes").setRadius(2);
    assertThat(compare(codes.build(), PairPolicy.NONE, NOT).getKind())
        .isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);
    codes.getLimitsBuilder().setRadius(3);
    assertThat(compare(codes.build(), PairPolicy.NONE, NOT).getKind())
        .isEqualTo(MatchKind.DUPLICATE);
  }

  @Test
  void everythingThatStandsInTheWayIsNamed() {
    first.setTenant("shop").setMute(true).setImageTime(Timestamps.fromMillis(5_000));
    second.setTenant("market");
    MatchRules rules =
        RULES.toBuilder()
            .setMatching(false)
            .addQuarantines(
                Quarantine.newBuilder()
                    .setFingerprint("0".repeat(64))
                    .setRadius(31)
                    .setTenant("shop")
                    .setExplanation("too often"))
            .build();
    PairPolicy policy =
        new PairPolicy() {
          @Override
          public Optional<String> muted(PlacedRevision image) {
            return image.id().equals("b")
                ? Optional.of("muted by jo: a placeholder")
                : Optional.empty();
          }

          @Override
          public Optional<String> dismissed(PlacedRevision a, PlacedRevision b) {
            return Optional.of("dismissed by jo");
          }

          @Override
          public OptionalInt fingerprintRadius(String tenant) {
            return tenant.equals("market") ? OptionalInt.of(4) : OptionalInt.empty();
          }
        };
    second.setFingerprint(bits(5));

    CompareResponse compared = compare(rules, policy, NOT);

    assertThat(compared.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(compared.getEmits()).isFalse();
    assertThat(obstacles(compared))
        .containsExactly(
            Kind.MATCHING_OFF,
            Kind.TENANT,
            Kind.SENT_MUTED,
            Kind.QUARANTINE,
            Kind.MUTE_LIST,
            Kind.DISMISSED,
            Kind.TENANT_THRESHOLD);
    assertThat(compared.getObstaclesList())
        .allSatisfy(obstacle -> assertThat(obstacle.getExplanation()).isNotBlank());
  }

  @Test
  void oneSourceStandsInTheWayWhereItsPairsAreLeftOut() {
    first.setImageSource("upload");
    second.setImageSource("upload");
    assertThat(compare(RULES, PairPolicy.NONE, NOT).getEmits()).isTrue();
    CompareResponse compared =
        compare(RULES.toBuilder().setSameSource(false).build(), PairPolicy.NONE, NOT);
    assertThat(obstacles(compared)).containsExactly(Kind.SAME_SOURCE);
    assertThat(compared.getEmits()).isFalse();
  }

  @Test
  void imageComparedWithItselfMakesNoEvent() {
    Compared same = Compared.of("a", placed(first));
    CompareResponse compared = PairExplanation.of(same, same, RULES, PairPolicy.NONE, NOT);
    assertThat(compared.getKind()).isEqualTo(MatchKind.EXACT);
    assertThat(obstacles(compared)).containsExactly(Kind.SAME_IMAGE);
    assertThat(compared.getEmits()).isFalse();
  }

  private CompareResponse compare(MatchRules rules, PairPolicy policy, Aligned aligned) {
    return PairExplanation.of(
        Compared.of("a", placed(first)), Compared.of("b", placed(second)), rules, policy, aligned);
  }

  private static List<Kind> obstacles(CompareResponse compared) {
    return compared.getObstaclesList().stream().map(Obstacle::getKind).toList();
  }

  private static PlacedImage placed(ImageCode.Builder code) {
    return PlacedImage.newBuilder()
        .setCode(code)
        .setRevision(SourceCoordinate.newBuilder().setTopic("images"))
        .build();
  }

  private static ImageCode.Builder code(String content, int distance) {
    byte[] sha256 = new byte[32];
    sha256[0] = (byte) content.hashCode();
    return ImageCode.newBuilder()
        .setSha256(ByteString.copyFrom(sha256))
        .setHashCode(ByteString.copyFrom(HashCode.of(64, 0).toBytes()))
        .setFingerprint(bits(distance))
        .setFingerprintQuality(100)
        .setImageTime(Timestamps.fromMillis(1_000));
  }

  private static ByteString bits(int ones) {
    long[] words = new long[4];
    for (int i = 0; i < ones; i++) {
      words[i / 64] |= 1L << i % 64;
    }
    return ByteString.copyFrom(HashCode.of(256, words).toBytes());
  }
}
