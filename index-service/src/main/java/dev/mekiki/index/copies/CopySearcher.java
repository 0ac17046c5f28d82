package dev.mekiki.index.copies;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.LandmarkReader;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.runtime.match.CopyRevisions;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.Quarantine;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/// Looks for copies of a query picture in the partitions of landmarks that are active here. As many
/// searches as there are cores run at once, others wait. Thread-safe.
public final class CopySearcher {
  private final CopySettings settings;
  private final CopyRule rule;
  private final HostedLandmarks hosted;
  private final CopyMetrics metrics;
  private final BooleanSupplier trusted;
  private final Semaphore permits;
  private final Queue<LandmarkReader> idle = new ConcurrentLinkedQueue<>();

  /// A query picture.
  ///
  /// @param code its hash code
  /// @param picture what bytes and fingerprint say
  /// @param landmarks those it looks for
  /// @param tenant whose images may be found, empty for the default tenant; null for everybody's
  public record Query(
      HashCode code,
      CopyRule.Picture picture,
      SoughtLandmarks landmarks,
      @Nullable String tenant) {}

  /// @param settings how copies are looked for
  /// @param hosted the open stores
  /// @param metrics counts what is found
  /// @param trusted whether active stores are relied on: not while others may have gone on
  /// @param threads most searches at once
  public CopySearcher(
      CopySettings settings,
      HostedLandmarks hosted,
      CopyMetrics metrics,
      BooleanSupplier trusted,
      int threads) {
    this.settings = settings;
    this.rule = new CopyRule(settings.policy());
    this.hosted = hosted;
    this.metrics = metrics;
    this.trusted = trusted;
    this.permits = new Semaphore(threads);
  }

  /// Number of partitions of landmarks.
  public int partitions() {
    return settings.partitions();
  }

  /// What some partitions hold. Those that are not active here are named: a standby may be behind.
  ///
  /// @param limitMillis how long to wait for others to end
  /// @throws TimeoutException where they do not
  public FindCopiesResponse find(Collection<Integer> partitions, Query query, long limitMillis)
      throws InterruptedException, TimeoutException {
    if (!permits.tryAcquire(limitMillis, TimeUnit.MILLISECONDS)) {
      throw new TimeoutException(
          "searches for copies did not end within %d ms".formatted(limitMillis));
    }
    LandmarkReader free = idle.poll();
    LandmarkReader reader = free == null ? new LandmarkReader() : free;
    try {
      FindCopiesResponse.Builder response = FindCopiesResponse.newBuilder();
      for (int partition : partitions) {
        find(partition, query, reader)
            .ifPresentOrElse(
                part ->
                    response
                        .addAllFound(part.getFoundList())
                        .setLeftOut(response.getLeftOut() + part.getLeftOut()),
                () -> response.addNotActive(partition));
      }
      return response.build();
    } finally {
      idle.add(reader);
      permits.release();
    }
  }

  /// What is in quarantine in the partitions that are active here.
  public List<Quarantine> quarantines() {
    return hosted.stores().all().stream().flatMap(store -> store.quarantines().stream()).toList();
  }

  /// Empty where the partition is not active here, or ceased to be while it was read.
  private Optional<FindCopiesResponse> find(int partition, Query query, LandmarkReader reader) {
    LandmarkStore store = hosted.stores().partition(partition).filter(this::isRelied).orElse(null);
    if (store == null) {
      return Optional.empty();
    }
    long start = System.nanoTime();
    try {
      FindCopiesResponse found = find(store, query, reader);
      metrics.search.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      return isRelied(store) ? Optional.of(found) : Optional.empty();
    } catch (InvalidStateStoreException e) {
      return Optional.empty();
    }
  }

  private boolean isRelied(LandmarkStore store) {
    return store.isActive() && trusted.getAsBoolean();
  }

  private FindCopiesResponse find(LandmarkStore store, Query query, LandmarkReader reader) {
    FindCopiesResponse.Builder response = FindCopiesResponse.newBuilder();
    int lookUps = 0;
    int toBeAligned = 0;
    int leftOut = 0;
    Map<String, FoundImage> byId = new LinkedHashMap<>();
    FoundImage.add(store.search(query.landmarks(), query.tenant(), reader), byId);
    for (FoundImage found : byId.values()) {
      if (++lookUps > (long) settings.maxCandidates() * CopySettings.LOOKUPS_PER_PAIR) {
        leftOut++;
        continue;
      }
      StoredCopy row = store.copy(found.id()).orElse(null);
      if (row == null || !isOf(query.tenant(), row)) {
        // Removed, or replaced by another tenant's, a moment ago.
        continue;
      }
      PlacedRevision revision = CopyRevisions.of(found.id(), row.image());
      CopyRule.Verdict verdict =
          rule.onSearch(
              query.picture(), new CopyRule.Picture(revision.fingerprint(), revision.sha256()));
      if (verdict == CopyRule.Verdict.NONE) {
        continue;
      }
      if (verdict == CopyRule.Verdict.TO_BE_ALIGNED && ++toBeAligned > settings.maxCandidates()) {
        leftOut++;
        continue;
      }
      FoundCopy.Builder copy =
          FoundCopy.newBuilder()
              .setImageId(found.id())
              .setImage(row.image())
              .setCodeDistance(query.code().distance(revision.code()))
              .setFingerprintDistance(
                  query.picture().fingerprint().distance(revision.fingerprint()))
              .setDecidedBy(decidedBy(verdict));
      copy.addAllProposals(found.proposalsByLandmarks());
      response.addFound(copy);
    }
    return response.setLeftOut(leftOut).build();
  }

  private static boolean isOf(@Nullable String tenant, StoredCopy row) {
    return tenant == null || tenant.equals(row.image().getTenant());
  }

  private static DecidedBy decidedBy(CopyRule.Verdict verdict) {
    return switch (verdict) {
      case SAME_BYTES -> DecidedBy.BYTES;
      case FINGERPRINT -> DecidedBy.FINGERPRINT;
      case TO_BE_ALIGNED, NONE -> DecidedBy.DECIDED_BY_UNSPECIFIED;
    };
  }
}
