package dev.mekiki.hashing.policy;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All mutes together. Ids and hashes are looked up, fingerprints are compared one after another in
/// an array: 10,000 of them take some ten microseconds. Immutable and thread-safe.
final class MuteList {
  static final MuteList EMPTY = new MuteList(List.of());

  private static final int WORDS = Fingerprint.BITS / Long.SIZE;

  private final int size;
  private final Map<String, Scope> images = new HashMap<>();
  private final Map<Sha256, Scope> bytes = new HashMap<>();

  /// Four longs a fingerprint, then as many radii and tenants as fingerprints.
  private final long[] fingerprints;

  private final int[] radii;
  private final @Nullable String[] tenants;

  MuteList(Collection<Muted> mutes) {
    size = mutes.size();
    List<Muted.Picture> pictures =
        mutes.stream()
            .filter(Muted.Picture.class::isInstance)
            .map(Muted.Picture.class::cast)
            .toList();
    fingerprints = new long[pictures.size() * WORDS];
    radii = new int[pictures.size()];
    tenants = new @Nullable String[pictures.size()];
    for (int i = 0; i < radii.length; i++) {
      Muted.Picture picture = pictures.get(i);
      System.arraycopy(picture.fingerprint().words(), 0, fingerprints, i * WORDS, WORDS);
      radii[i] = picture.radius();
      tenants[i] = picture.tenant();
    }
    for (Muted mute : mutes) {
      switch (mute) {
        case Muted.Image image ->
            images.computeIfAbsent(image.id(), _ -> new Scope()).add(image.tenant());
        case Muted.Bytes same ->
            bytes.computeIfAbsent(same.sha256(), _ -> new Scope()).add(same.tenant());
        case Muted.Picture _ -> {}
      }
    }
  }

  int size() {
    return size;
  }

  boolean contains(PlacedRevision image) {
    if (size == 0) {
      return false;
    }
    String tenant = image.origin().tenant();
    return isInScope(images.get(image.id()), tenant)
        || isInScope(bytes.get(image.sha256()), tenant)
        || isNear(image.fingerprint(), tenant);
  }

  private static boolean isInScope(@Nullable Scope scope, String tenant) {
    return scope != null && scope.contains(tenant);
  }

  private boolean isNear(Fingerprint fingerprint, String tenant) {
    if (radii.length == 0 || fingerprint.isFeatureless()) {
      return false;
    }
    HashCode code = fingerprint.code();
    long a = code.word(0);
    long b = code.word(1);
    long c = code.word(2);
    long d = code.word(3);
    for (int i = 0, at = 0; i < radii.length; i++, at += WORDS) {
      int distance =
          Long.bitCount(a ^ fingerprints[at])
              + Long.bitCount(b ^ fingerprints[at + 1])
              + Long.bitCount(c ^ fingerprints[at + 2])
              + Long.bitCount(d ^ fingerprints[at + 3]);
      if (distance <= radii[i] && (tenants[i] == null || tenants[i].equals(tenant))) {
        return true;
      }
    }
    return false;
  }

  /// Whose images one thing is muted for.
  private static final class Scope {
    private final Set<String> tenants = new HashSet<>();
    private boolean everyTenant;

    void add(@Nullable String tenant) {
      if (tenant == null) {
        everyTenant = true;
      } else {
        tenants.add(tenant);
      }
    }

    boolean contains(String tenant) {
      return everyTenant || tenants.contains(tenant);
    }
  }
}
