package dev.mekiki.hashing.match;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.hashing.policy.PairKey;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.hashing.policy.PolicyFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decisions at random, and what they forbid in other words than the product's.
final class RandomDecisions implements SimulatedWorld.Decisions {
  private static final List<String> TENANTS = List.of("", "shop", "market");
  private static final List<String> SOURCES = List.of("", "upload-1", "upload-2");

  private final Random random;
  private final double heldBack;
  final boolean shared;
  final boolean sameSource;
  private final List<Muted> mutes = new ArrayList<>();
  private final Set<String> dismissed = new HashSet<>();
  private final Map<String, Integer> radii;
  final Policies policies;
  long silent;

  RandomDecisions(Random random, double heldBack) {
    this(random, heldBack, random.nextBoolean(), random.nextBoolean(), 3);
  }

  /// @param heldBack share of the images that are held back by chance
  /// @param shared whether tenants are
  /// @param sameSource whether pairs of one source may match
  /// @param most one more than there are mutes, and half as many as dismissed pairs; at least 1
  RandomDecisions(Random random, double heldBack, boolean shared, boolean sameSource, int most) {
    this.random = random;
    this.heldBack = heldBack;
    this.shared = shared;
    this.sameSource = sameSource;
    for (int i = random.nextInt(most); i > 0; i--) {
      mutes.add(mute());
    }
    DismissedPairs pairs = new DismissedPairs();
    for (int i = random.nextInt(2 * most); i > 0; i--) {
      int a = random.nextInt(8);
      int b = random.nextInt(8);
      String tenant = shared ? "" : TENANTS.get(random.nextInt(3));
      if (a != b) {
        pairs.add(PairKey.of(tenant, new Sha256(a, 0, 0, 0), new Sha256(b, 0, 0, 0)));
        dismissed.add(tenant + a + '-' + b);
        dismissed.add(tenant + b + '-' + a);
      }
    }
    radii = most == 1 || random.nextBoolean() ? Map.of() : Map.of("shop", random.nextInt(32));
    policies = Policies.of(mutes, pairs, radii);
  }

  private Muted mute() {
    @Nullable String tenant = random.nextBoolean() ? null : TENANTS.get(random.nextInt(3));
    return switch (random.nextInt(3)) {
      case 0 -> new Muted.Image(tenant, "image-" + random.nextInt(10));
      case 1 ->
          new Muted.Picture(tenant, RandomCodes.fingerprint(random).code(), random.nextInt(120));
      default -> new Muted.Bytes(tenant, new Sha256(random.nextInt(8), 0, 0, 0));
    };
  }

  @Override
  public PairFilter filter() {
    return PolicyFilter.ofMatches(new OriginFilter(shared, sameSource), () -> policies);
  }

  @Override
  public Origin origin(Random worlds) {
    return new Origin(TENANTS.get(worlds.nextInt(3)), SOURCES.get(worlds.nextInt(3)));
  }

  @Override
  public boolean holdsBack(PlacedRevision image) {
    return heldBack > 0 && random.nextDouble() < heldBack;
  }

  @Override
  public boolean isSilent(PlacedRevision a, PlacedRevision b, MatchLevel level) {
    boolean is = isLeftOut(a, b, level);
    silent += is ? 1 : 0;
    return is;
  }

  private boolean isLeftOut(PlacedRevision a, PlacedRevision b, MatchLevel level) {
    String tenantA = a.origin().tenant();
    String tenantB = b.origin().tenant();
    if (!shared && !tenantA.equals(tenantB)) {
      return true;
    }
    boolean oneSource = tenantA.equals(tenantB) && a.origin().source().equals(b.origin().source());
    if (!sameSource && oneSource && !a.origin().source().isEmpty()) {
      return true;
    }
    int distance = a.fingerprint().distance(b.fingerprint());
    if (level == MatchLevel.DUPLICATE
        && (distance > radii.getOrDefault(tenantA, 256)
            || distance > radii.getOrDefault(tenantB, 256))) {
      return true;
    }
    return isMuted(a)
        || isMuted(b)
        || dismissed.contains((shared ? "" : tenantA) + content(a) + '-' + content(b));
  }

  private static long content(PlacedRevision image) {
    return image.sha256().a();
  }

  private boolean isMuted(PlacedRevision image) {
    for (Muted mute : mutes) {
      String tenant = mute.tenant();
      if (tenant != null && !tenant.equals(image.origin().tenant())) {
        continue;
      }
      boolean is =
          switch (mute) {
            case Muted.Image(var _, String id) -> id.equals(image.id());
            case Muted.Picture(var _, HashCode print, int radius) ->
                image.fingerprint().code().distance(print) <= radius;
            case Muted.Bytes(var _, Sha256 sha256) -> sha256.equals(image.sha256());
          };
      if (is) {
        return true;
      }
    }
    return false;
  }
}
