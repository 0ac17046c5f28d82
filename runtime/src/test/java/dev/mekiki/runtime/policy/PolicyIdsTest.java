package dev.mekiki.runtime.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyIdsTest {
  private static final String SMALL = "0".repeat(64);
  private static final String LARGE = "f".repeat(64);

  @Test
  void muteIsNamedByWhatItMutesAndForWhom() {
    Mute image = Mute.newBuilder().setImageId("logos/1.png").build();
    assertThat(MuteId.of(image)).isEqualTo("image/logos/1.png");
    assertThat(MuteId.of(image.toBuilder().setTenant("a/b%").build()))
        .isEqualTo("a%2Fb%25/image/logos/1.png");
    assertThat(MuteId.of(image.toBuilder().setTenant("").build())).isEqualTo("/image/logos/1.png");
    assertThat(
            MuteId.of(
                Mute.newBuilder()
                    .setFingerprint(
                        MutedFingerprint.newBuilder().setFingerprint(SMALL).setRadius(31))
                    .build()))
        .isEqualTo("fingerprint/" + SMALL + "/31");
    assertThat(MuteId.of(Mute.newBuilder().setSha256(LARGE).build())).isEqualTo("sha256/" + LARGE);
  }

  /// A tenant that is named like what may follow it, and ids that look like tenants.
  @Test
  void noTwoMutesShareAnId() {
    List<String> tenants =
        new ArrayList<>(List.of("", "image", "fingerprint", "sha256", "%69mage", "a", "a/image"));
    List<String> images = List.of("x", "image/x", "a/image/x", "/image/x", "sha256/x");
    Set<String> ids = new HashSet<>();
    int mutes = 0;
    for (String image : images) {
      Mute.Builder mute = Mute.newBuilder().setImageId(image);
      ids.add(MuteId.of(mute.build()));
      mutes++;
      for (String tenant : tenants) {
        ids.add(MuteId.of(mute.setTenant(tenant).build()));
        mutes++;
      }
    }
    assertThat(ids).hasSize(mutes);
  }

  @Test
  void verdictIsNamedByItsContentsInOrder() {
    VerdictId id = new VerdictId("", Sha256.fromHex(LARGE), Sha256.fromHex(SMALL));
    assertThat(id).hasToString(SMALL + "-" + LARGE);
    assertThat(VerdictId.parse(id.toString())).isEqualTo(id);
    VerdictId ofTenant = new VerdictId("a/b%\n", id.a(), id.b());
    assertThat(ofTenant).hasToString("a%2Fb%25\n/" + SMALL + "-" + LARGE);
    assertThat(VerdictId.parse(ofTenant.toString())).isEqualTo(ofTenant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0-1",
        LARGE_FIRST,
        "/" + SMALL_FIRST,
        "a/b/" + SMALL_FIRST,
        "%61/" + SMALL_FIRST,
        SMALL_FIRST + "/",
        "x" + SMALL_FIRST
      })
  void anythingElseIsNoVerdict(String text) {
    assertThatThrownBy(() -> VerdictId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: two SHA-256");
  }

  @Test
  void hexadecimalFormIsInTheOrderOfTheBytes() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      Sha256 a = sha256(random);
      Sha256 b = sha256(random);
      assertThat(Integer.signum(a.compareTo(b)))
          .isEqualTo(Integer.signum(a.toHex().compareTo(b.toHex())));
      assertThat(Sha256.fromHex(a.toHex())).isEqualTo(a);
    }
  }

  private static Sha256 sha256(Random random) {
    return new Sha256(random.nextInt(2) - 1, random.nextLong(), random.nextLong(), 0);
  }

  private static final String SMALL_FIRST =
      "0000000000000000000000000000000000000000000000000000000000000000-"
          + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
  private static final String LARGE_FIRST =
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff-"
          + "0000000000000000000000000000000000000000000000000000000000000000";
}
