package dev.mekiki.hashing.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchDecision.Reason;
import dev.mekiki.hashing.match.MatchLevel;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyFilterTest {
  private static final List<String> TENANTS = List.of("", "shop", "archive");
  private static final List<MatchLevel> LEVELS = List.of(MatchLevel.values());
  private static final int PICTURES = 4;

  private final long seed = Seeds.seed(PolicyFilterTest.class);

  /// Who decides what is asked of every list there is, as its definition says.
  @Test
  void reasonsAreThoseOfTheDefinition() {
    Map<Reason, Integer> seen = new EnumMap<>(Reason.class);
    for (int i = 0; i < 20_000; i++) {
      World world = new World(Seeds.random(seed, i));
      PlacedRevision a = world.image();
      PlacedRevision b = world.image();
      MatchLevel level = LEVELS.get(world.random.nextInt(LEVELS.size()));
      int distance = a.fingerprint().distance(b.fingerprint());

      Reason reason = world.filter.reason(a, b, level, distance);

      assertThat(reason).as("case %d", i).isEqualTo(world.expected(a, b, level, distance));
      assertThat(world.filter.reason(b, a, level, distance)).as("case %d", i).isEqualTo(reason);
      if (reason != null) {
        seen.merge(reason, 1, Integer::sum);
      }
    }
    assertThat(seen)
        .containsOnlyKeys(
            Reason.OTHER_TENANT,
            Reason.SAME_SOURCE,
            Reason.TENANT_THRESHOLD,
            Reason.ON_MUTE_LIST,
            Reason.DISMISSED)
        .allSatisfy((_, times) -> assertThat(times).isGreaterThan(200));
  }

  @Test
  void decisionTakesEffectForTheNextPair() {
    World world = new World(new Random(1));
    DismissedPairs dismissed = new DismissedPairs();
    Policies[] now = {Policies.NONE};
    PolicyFilter filter = PolicyFilter.ofMatches(OriginFilter.DEFAULT, () -> now[0]);
    PlacedRevision a = image("a", "", world.pictures.getFirst(), 90, 1);
    PlacedRevision b = image("b", "", world.pictures.getFirst(), 90, 2);
    assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 0)).isNull();

    dismissed.add(PairKey.of("", a.sha256(), b.sha256()));
    now[0] = Policies.of(List.of(), dismissed, Map.of());
    assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 0)).isEqualTo(Reason.DISMISSED);

    now[0] = Policies.of(List.of(new Muted.Image(null, "b")), dismissed, Map.of());
    assertThat(filter.reason(a, b, MatchLevel.DUPLICATE, 0)).isEqualTo(Reason.ON_MUTE_LIST);
  }

  @Test
  void fingerprintIsMutedUpToItsRadiusWhereItHasFeatures() {
    Random random = new Random(seed);
    HashCode logo = RandomCodes.uniform(Fingerprint.BITS, random);
    Policies policies =
        Policies.of(List.of(new Muted.Picture(null, logo, 20)), new DismissedPairs(), Map.of());

    assertThat(policies.isMuted(image("a", "", RandomCodes.at(logo, 20, random), 50, 1))).isTrue();
    assertThat(policies.isMuted(image("a", "", RandomCodes.at(logo, 21, random), 50, 1))).isFalse();
    assertThat(policies.isMuted(image("a", "", logo, 49, 1))).isFalse();
  }

  @Test
  void fingerprintAndRadiusAreChecked() {
    HashCode print = RandomCodes.uniform(Fingerprint.BITS, new Random(1));
    assertThatThrownBy(() -> new Muted.Picture(null, print, 257)).hasMessageContaining("0..256");
    assertThatThrownBy(() -> new Muted.Picture(null, HashCode.of(64, 1L), 1))
        .hasMessageContaining("expected: 256");
  }

  private static PlacedRevision image(
      String id, String tenant, HashCode fingerprint, int quality, int bytes) {
    return new PlacedRevision(
        id,
        new Revision("images", 0, 0),
        HashCode.of(64, 0L),
        new Fingerprint(fingerprint, quality),
        new Sha256(bytes, 0, 0, 0),
        0,
        0,
        false,
        new Origin(tenant, ""));
  }

  /// A few pictures and tenants, and a few decisions about them.
  private static final class World {
    final Random random;
    final List<HashCode> pictures = new ArrayList<>();
    final OriginFilter origins;
    final List<Muted> mutes = new ArrayList<>();
    final List<List<Object>> dismissed = new ArrayList<>();
    final Map<String, Integer> radii = new HashMap<>();
    final boolean copies;
    final PolicyFilter filter;

    World(Random random) {
      this.random = random;
      for (int i = 0; i < PICTURES; i++) {
        pictures.add(RandomCodes.uniform(Fingerprint.BITS, random));
      }
      origins = new OriginFilter(random.nextBoolean(), random.nextBoolean());
      for (int i = random.nextInt(4); i > 0; i--) {
        mutes.add(mute());
      }
      DismissedPairs pairs = new DismissedPairs();
      for (int i = random.nextInt(8); i > 0; i--) {
        String tenant = tenant();
        Sha256 a = bytes();
        Sha256 b = bytes();
        dismissed.add(List.of(tenant, a, b));
        pairs.add(PairKey.of(tenant, a, b));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        radii.put(tenant(), random.nextInt(32));
      }
      copies = random.nextBoolean();
      Policies policies = Policies.of(mutes, pairs, radii);
      filter =
          copies
              ? PolicyFilter.ofCopies(origins, () -> policies)
              : PolicyFilter.ofMatches(origins, () -> policies);
    }

    String tenant() {
      return TENANTS.get(random.nextInt(TENANTS.size()));
    }

    Sha256 bytes() {
      return new Sha256(random.nextInt(4), 0, 0, 0);
    }

    HashCode print() {
      return RandomCodes.at(pictures.get(random.nextInt(PICTURES)), random.nextInt(16), random);
    }

    String id() {
      return "image-" + random.nextInt(20);
    }

    Muted mute() {
      @Nullable String tenant = random.nextBoolean() ? null : tenant();
      return switch (random.nextInt(3)) {
        case 0 -> new Muted.Image(tenant, id());
        case 1 -> new Muted.Picture(tenant, print(), random.nextInt(40));
        default -> new Muted.Bytes(tenant, bytes());
      };
    }

    PlacedRevision image() {
      PlacedRevision image =
          PolicyFilterTest.image(id(), tenant(), print(), random.nextInt(101), 0);
      return new PlacedRevision(
          image.id(),
          image.revision(),
          image.code(),
          image.fingerprint(),
          bytes(),
          0,
          0,
          false,
          new Origin(image.origin().tenant(), random.nextInt(3) == 0 ? "camera" : ""));
    }

    @Nullable Reason expected(PlacedRevision a, PlacedRevision b, MatchLevel level, int distance) {
      if (!origins.tenantsShared() && !a.origin().tenant().equals(b.origin().tenant())) {
        return Reason.OTHER_TENANT;
      }
      if (!origins.sameSource()
          && a.origin().equals(b.origin())
          && a.origin().source().equals("camera")) {
        return Reason.SAME_SOURCE;
      }
      if (!copies && level == MatchLevel.DUPLICATE) {
        for (PlacedRevision image : List.of(a, b)) {
          @Nullable Integer radius = radii.get(image.origin().tenant());
          if (radius != null && distance > radius) {
            return Reason.TENANT_THRESHOLD;
          }
        }
      }
      if (mutes.stream().anyMatch(mute -> mutes(mute, a) || mutes(mute, b))) {
        return Reason.ON_MUTE_LIST;
      }
      String tenant = origins.tenantsShared() ? "" : a.origin().tenant();
      return dismissed.contains(List.of(tenant, a.sha256(), b.sha256()))
              || dismissed.contains(List.of(tenant, b.sha256(), a.sha256()))
          ? Reason.DISMISSED
          : null;
    }

    private static boolean mutes(Muted mute, PlacedRevision image) {
      if (mute.tenant() != null && !mute.tenant().equals(image.origin().tenant())) {
        return false;
      }
      return switch (mute) {
        case Muted.Image(_, String id) -> id.equals(image.id());
        case Muted.Bytes(_, Sha256 sha256) -> sha256.equals(image.sha256());
        case Muted.Picture(_, HashCode print, int radius) ->
            image.fingerprint().quality() >= 50
                && print.distance(image.fingerprint().code()) <= radius;
      };
    }
  }
}
