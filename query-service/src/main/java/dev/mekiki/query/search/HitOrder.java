package dev.mekiki.query.search;

import dev.mekiki.hashing.bucket.Hit;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.schemas.v1.SearchHit;
import java.util.Comparator;

/// The order of hits, {@link Hit#ORDER}, for the messages.
final class HitOrder {
  static final Comparator<SearchHit> COMPARATOR =
      Comparator.comparingInt(SearchHit::getCodeDistance)
          .thenComparingInt(hit ->
              hit.hasFingerprintDistance() ? hit.getFingerprintDistance() : Hit.NO_FINGERPRINT)
          .thenComparing(SearchHit::getImageId, IdOrder.COMPARATOR);

  private HitOrder() {}
}
