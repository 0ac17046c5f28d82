package dev.mekiki.runtime.policy;

import dev.mekiki.schemas.v1.Mute;
import java.util.Set;

/// The ids of mutes, which are also their keys on `mutes`: made of what is muted. Stateless.
public final class MuteId {
  private static final String IMAGE = "image";
  private static final String FINGERPRINT = "fingerprint";
  private static final String SHA256 = "sha256";
  private static final Set<String> WORDS = Set.of(IMAGE, FINGERPRINT, SHA256);

  private MuteId() {}

  /// The id of a mute, by what it mutes and for whom.
  ///
  /// @throws IllegalArgumentException where it mutes nothing
  public static String of(Mute mute) {
    String what =
        switch (mute.getWhatCase()) {
          case IMAGE_ID -> IMAGE + '/' + mute.getImageId();
          case FINGERPRINT ->
              "%s/%s/%d"
                  .formatted(
                      FINGERPRINT,
                      mute.getFingerprint().getFingerprint(),
                      mute.getFingerprint().getRadius());
          case SHA256 -> SHA256 + '/' + mute.getSha256();
          case WHAT_NOT_SET ->
              throw new IllegalArgumentException(
                  "mute: of nothing (expected: imageId, fingerprint or sha256)");
        };
    return mute.hasTenant() ? prefix(mute.getTenant()) + what : what;
  }

  // A tenant that has the name of what may follow it would give the id of another mute.
  private static String prefix(String tenant) {
    return (WORDS.contains(tenant) ? EscapedTenant.first(tenant) : EscapedTenant.of(tenant)) + '/';
  }
}
