package dev.mekiki.runtime.policy;

import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.runtime.kafka.SkippedRecords;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What the records read so far say. Records that cannot be used change nothing. For one thread.
final class PolicyState {
  private final Topics topics;
  private final SkippedRecords skipped;
  private final @Nullable PolicyDetails details;
  private final Map<String, Muted> mutes = new HashMap<>();
  private final DismissedPairs dismissed = new DismissedPairs();
  private final Map<String, Integer> fingerprintRadii = new HashMap<>();
  private Policies policies = Policies.NONE;
  private List<VerdictId> judged = new ArrayList<>();
  private boolean mutesChanged;
  private boolean changed;

  /// @param details gets every decision; null where they are not kept
  PolicyState(Topics topics, SkippedRecords skipped, @Nullable PolicyDetails details) {
    this.topics = topics;
    this.skipped = skipped;
    this.details = details;
  }

  /// What is decided after the records read so far.
  Policies policies() {
    if (mutesChanged) {
      policies = Policies.of(mutes.values(), dismissed, fingerprintRadii);
    } else if (changed) {
      policies = policies.with(dismissed, fingerprintRadii);
    }
    mutesChanged = false;
    changed = false;
    return policies;
  }

  /// Verdicts whose records were read since the last call.
  List<VerdictId> takeJudged() {
    List<VerdictId> taken = judged;
    judged = new ArrayList<>();
    return taken;
  }

  @Nullable PolicyDetails details() {
    return details;
  }

  /// Takes the next record of one of the topics.
  void apply(ConsumerRecord<byte[], byte[]> record) {
    try {
      String key = PolicyRecords.key(record);
      if (record.topic().equals(topics.mutes())) {
        applyMute(key, record);
      } else if (record.topic().equals(topics.verdicts())) {
        applyVerdict(key, record);
      } else {
        applyTenant(key, record);
      }
    } catch (UnusableRecordException e) {
      skipped.skip(
          record.topic(),
          record.partition(),
          record.offset(),
          e.reason(),
          String.valueOf(e.getMessage()));
    }
  }

  private void applyMute(String key, ConsumerRecord<byte[], byte[]> record)
      throws UnusableRecordException {
    byte @Nullable [] value = record.value();
    if (value == null) {
      mutesChanged |= mutes.remove(key) != null;
      if (details != null) {
        details.removeMute(key);
      }
      return;
    }
    Mute mute = PolicyRecords.mute(key, value, record.timestamp());
    checkRoom("mutes", mutes.size(), mutes.containsKey(key), PolicyLimits.MAX_MUTES);
    mutes.put(key, PolicyRecords.muted(mute));
    mutesChanged = true;
    if (details != null) {
      details.put(mute);
    }
  }

  private void applyVerdict(String key, ConsumerRecord<byte[], byte[]> record)
      throws UnusableRecordException {
    VerdictId id;
    try {
      id = VerdictId.parse(key);
    } catch (IllegalArgumentException e) {
      throw new UnusableRecordException("wrong-key", String.valueOf(e.getMessage()));
    }
    judged.add(id);
    byte @Nullable [] value = record.value();
    if (value == null) {
      changed |= dismissed.remove(id.pair());
      if (details != null) {
        details.remove(id);
      }
      return;
    }
    Verdict verdict = PolicyRecords.verdict(id, value, record.timestamp());
    if (details != null) {
      checkRoom(
          "verdicts", details.verdicts(), details.verdict(id) != null, PolicyLimits.MAX_VERDICTS);
    }
    if (verdict.getDecision() == Verdict.Decision.DISMISSED) {
      // A pair that is there already takes no room, but is not looked up for that.
      checkRoom("verdicts", dismissed.size(), false, PolicyLimits.MAX_VERDICTS);
      changed |= dismissed.add(id.pair());
    } else {
      changed |= dismissed.remove(id.pair());
    }
    if (details != null) {
      details.put(id, verdict);
    }
  }

  private void applyTenant(String key, ConsumerRecord<byte[], byte[]> record)
      throws UnusableRecordException {
    byte @Nullable [] value = record.value();
    if (value == null) {
      changed |= fingerprintRadii.remove(key) != null;
      if (details != null) {
        details.removeTenant(key);
      }
      return;
    }
    TenantSettings tenant = PolicyRecords.tenant(key, value, record.timestamp());
    checkRoom(
        "tenants",
        fingerprintRadii.size(),
        fingerprintRadii.containsKey(key),
        PolicyLimits.MAX_TENANTS);
    fingerprintRadii.put(
        key, tenant.hasFingerprintRadius() ? tenant.getFingerprintRadius() : Fingerprint.BITS);
    changed = true;
    if (details != null) {
      details.put(tenant);
    }
  }

  private static void checkRoom(String what, int size, boolean isKnown, int limit)
      throws UnusableRecordException {
    if (size >= limit && !isKnown) {
      throw new UnusableRecordException(
          "too-many", "%s: more than %d (expected: at most that many)".formatted(what, limit));
    }
  }
}
