package dev.mekiki.hashing.policy;

import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.Collection;
import java.util.Map;

/// What people decided, as matching asks for it. Mutes and thresholds stay as they are; dismissed
/// pairs are looked up in a table that whoever made this may go on to change. Thread-safe.
public final class Policies {
  /// Nothing was decided.
  public static final Policies NONE = new Policies(MuteList.EMPTY, new DismissedPairs(), Map.of());

  private final MuteList mutes;
  private final DismissedPairs dismissed;
  private final Map<String, Integer> fingerprintRadii;
  private final boolean empty;

  private Policies(
      MuteList mutes, DismissedPairs dismissed, Map<String, Integer> fingerprintRadii) {
    this.mutes = mutes;
    this.dismissed = dismissed;
    this.fingerprintRadii = Map.copyOf(fingerprintRadii);
    this.empty = mutes.size() == 0 && dismissed.size() == 0 && this.fingerprintRadii.isEmpty();
  }

  /// These decisions and no others.
  ///
  /// @param dismissed not copied
  /// @param fingerprintRadii largest fingerprint distance of DUPLICATE of each tenant that has one
  ///   of its own, 0 to 256
  public static Policies of(
      Collection<Muted> mutes, DismissedPairs dismissed, Map<String, Integer> fingerprintRadii) {
    return new Policies(new MuteList(mutes), dismissed, fingerprintRadii);
  }

  /// These with other dismissed pairs and thresholds; the mutes are not copied.
  ///
  /// @param dismissed not copied
  public Policies with(DismissedPairs dismissed, Map<String, Integer> fingerprintRadii) {
    return new Policies(mutes, dismissed, fingerprintRadii);
  }

  /// Whether there was nothing when these were made.
  public boolean isEmpty() {
    return empty;
  }

  /// Number of mutes.
  public int mutes() {
    return mutes.size();
  }

  /// Number of dismissed pairs.
  public int dismissedPairs() {
    return dismissed.size();
  }

  /// Whether an image is muted: by its id, its bytes, or a fingerprint near its own where it has
  /// features.
  public boolean isMuted(PlacedRevision image) {
    return mutes.contains(image);
  }

  /// Whether somebody has dismissed the pair of two contents, in either order.
  ///
  /// @param tenant whose pair it is
  public boolean isDismissed(String tenant, Sha256 a, Sha256 b) {
    return dismissed.contains(tenant, a, b);
  }

  /// The largest fingerprint distance of DUPLICATE of a tenant, 0 to 256; 256 where it has none of
  /// its own.
  public int fingerprintRadius(String tenant) {
    return fingerprintRadii.getOrDefault(tenant, Fingerprint.BITS);
  }
}
