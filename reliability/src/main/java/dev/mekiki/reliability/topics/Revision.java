package dev.mekiki.reliability.topics;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One revision of an image: what was sent under its id until other bytes, or a deletion, followed.
///
/// @param place the record that began it
/// @param end the record that ended it; null where it is there at the end
/// @param tenant whose image it is; empty for the default tenant
/// @param time the timestamp of the record that began it, milliseconds since 1970
/// @param sha256 of its bytes, hexadecimal
/// @param codes that were made of the same bytes, the first one first: an image that is sent again
///   is encoded again, and inference is not stable to the last bit
public record Revision(
    String id,
    Place place,
    @Nullable Place end,
    String tenant,
    long time,
    String sha256,
    Fingerprint fingerprint,
    List<HashCode> codes) {

  /// Whether two revisions make an event: images of one tenant with the same bytes, or with
  /// fingerprints that say something and are near.
  ///
  /// @param radius the fingerprint radius
  public boolean matches(Revision other, int radius) {
    return tenant.equals(other.tenant)
        && (sha256.equals(other.sha256)
            || (!fingerprint.isFeatureless()
                && !other.fingerprint.isFeatureless()
                && fingerprint.code().distance(other.fingerprint.code()) <= radius));
  }
}
