package dev.mekiki.query.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.query.compare.PairPolicy;
import dev.mekiki.runtime.policy.PolicyRecords;
import dev.mekiki.runtime.policy.VerdictId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What stands in the way of an event by what people have decided, for those who ask about a pair.
/// Thread-safe.
///
/// @param tenantsShared whether images of different tenants may match
public record RecordedPolicy(PolicyStore store, boolean tenantsShared) implements PairPolicy {
  @Override
  public Optional<String> muted(PlacedRevision image) {
    return store.details().mutes().stream()
        .filter(mute -> mutes(mute, image))
        .findFirst()
        .map(mute ->
            "'%s' is muted by %s%s"
                .formatted(
                    BoundedText.quote(image.id()),
                    mute.getId(),
                    by(mute.getAuthor(), Timestamps.toString(mute.getTime()), mute.getReason())));
  }

  private static boolean mutes(Mute mute, PlacedRevision image) {
    return Policies.of(List.of(PolicyRecords.muted(mute)), new DismissedPairs(), Map.of())
        .isMuted(image);
  }

  @Override
  public Optional<String> dismissed(PlacedRevision a, PlacedRevision b) {
    Verdict verdict =
        store
            .details()
            .verdict(
                new VerdictId(tenantsShared ? "" : a.origin().tenant(), a.sha256(), b.sha256()));
    return verdict == null || verdict.getDecision() != Verdict.Decision.DISMISSED
        ? Optional.empty()
        : Optional.of(
            "dismissed"
                + by(
                    verdict.getAuthor(),
                    Timestamps.toString(verdict.getTime()),
                    verdict.getNote()));
  }

  @Override
  public OptionalInt fingerprintRadius(String tenant) {
    return store.details().tenants().stream()
        .filter(settings -> settings.getTenant().equals(tenant))
        .filter(TenantSettings::hasFingerprintRadius)
        .mapToInt(TenantSettings::getFingerprintRadius)
        .findFirst();
  }

  private static String by(String author, String time, String text) {
    return (author.isEmpty() ? "" : " by " + BoundedText.quote(author))
        + " at "
        + time
        + (text.isEmpty() ? "" : ": " + BoundedText.quote(text));
  }
}
