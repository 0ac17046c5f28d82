package dev.mekiki.runtime.policy;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.RecordTime;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Reads records strictly: anyone who may write to the topics can put anything there. A record
/// without a time has that of the broker. Stateless.
public final class PolicyRecords {
  private static final int HASH_DIGITS = 64;

  private PolicyRecords() {}

  /// The key as text.
  static String key(ConsumerRecord<byte[], byte[]> record) throws UnusableRecordException {
    byte @Nullable [] key = record.key();
    if (key == null) {
      throw new UnusableRecordException("wrong-key", "no key");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableRecordException(
          "wrong-key", "key of %d bytes that are not UTF-8".formatted(key.length));
    }
  }

  static Mute mute(String key, byte[] value, long timestamp) throws UnusableRecordException {
    Mute.Builder mute = read(value, Mute.newBuilder());
    checkText("author", mute.getAuthor(), PolicyLimits.AUTHOR_BYTES);
    checkText("reason", mute.getReason(), PolicyLimits.TEXT_BYTES);
    try {
      Muted _ = muted(mute.build());
      checkKey(key, mute.getId(), MuteId.of(mute.build()));
    } catch (IllegalArgumentException e) {
      throw UnusableRecordException.invalid(BoundedText.message(e));
    }
    return mute.setId(key).setTime(time(mute.hasTime(), mute.getTime(), timestamp)).build();
  }

  /// What a mute mutes.
  ///
  /// @throws IllegalArgumentException where that is nothing, or nothing that can be
  public static Muted muted(Mute mute) {
    @Nullable String tenant =
        mute.hasTenant() ? OriginName.checked("tenant", mute.getTenant()) : null;
    return switch (mute.getWhatCase()) {
      case IMAGE_ID -> new Muted.Image(tenant, new ImageId(mute.getImageId()).value());
      case FINGERPRINT ->
          new Muted.Picture(
              tenant,
              HashCode.fromHex(checkedHash("fingerprint", mute.getFingerprint().getFingerprint())),
              mute.getFingerprint().getRadius());
      case SHA256 ->
          new Muted.Bytes(tenant, Sha256.fromHex(checkedHash("sha256", mute.getSha256())));
      case WHAT_NOT_SET ->
          throw new IllegalArgumentException(
              "mute: of nothing (expected: imageId, fingerprint or sha256)");
    };
  }

  static Verdict verdict(VerdictId key, byte[] value, long timestamp)
      throws UnusableRecordException {
    Verdict.Builder verdict = read(value, Verdict.newBuilder());
    checkText("author", verdict.getAuthor(), PolicyLimits.AUTHOR_BYTES);
    checkText("note", verdict.getNote(), PolicyLimits.TEXT_BYTES);
    checkText("imageA", verdict.getImageA(), ImageId.MAX_BYTES);
    checkText("imageB", verdict.getImageB(), ImageId.MAX_BYTES);
    checkKey(key.toString(), verdict.getId(), key.toString());
    checkPart("tenant", verdict.getTenant(), key.tenant());
    checkPart("sha256A", verdict.getSha256A(), key.a().toHex());
    checkPart("sha256B", verdict.getSha256B(), key.b().toHex());
    switch (verdict.getDecision()) {
      case CONFIRMED, DISMISSED -> {}
      case DECISION_UNSPECIFIED, UNRECOGNIZED ->
          throw UnusableRecordException.invalid("decision: expected: CONFIRMED or DISMISSED");
    }
    if (verdict.hasFingerprintDistance()
        && !isWithin(verdict.getFingerprintDistance(), Fingerprint.BITS)) {
      throw UnusableRecordException.invalid(
          "fingerprintDistance: %d (expected: 0..%d)"
              .formatted(verdict.getFingerprintDistance(), Fingerprint.BITS));
    }
    return verdict.setTime(time(verdict.hasTime(), verdict.getTime(), timestamp)).build();
  }

  static TenantSettings tenant(String key, byte[] value, long timestamp)
      throws UnusableRecordException {
    TenantSettings.Builder tenant = read(value, TenantSettings.newBuilder());
    checkText("author", tenant.getAuthor(), PolicyLimits.AUTHOR_BYTES);
    try {
      checkKey(key, tenant.getTenant(), OriginName.checked("tenant", key));
    } catch (IllegalArgumentException e) {
      throw UnusableRecordException.invalid(BoundedText.message(e));
    }
    if (tenant.hasFingerprintRadius()
        && !isWithin(tenant.getFingerprintRadius(), Fingerprint.BITS)) {
      throw UnusableRecordException.invalid(
          "fingerprintRadius: %d (expected: 0..%d)"
              .formatted(tenant.getFingerprintRadius(), Fingerprint.BITS));
    }
    return tenant
        .setTenant(key)
        .setTime(time(tenant.hasTime(), tenant.getTime(), timestamp))
        .build();
  }

  private static <B extends Message.Builder> B read(byte[] value, B into)
      throws UnusableRecordException {
    if (value.length > TopicSpec.POLICY_BYTES) {
      throw new UnusableRecordException(
          "too-large",
          "%d bytes (expected: at most %d)".formatted(value.length, TopicSpec.POLICY_BYTES));
    }
    try {
      return PolicyJson.read(value, into);
    } catch (IllegalArgumentException e) {
      throw new UnusableRecordException("undecodable", BoundedText.message(e));
    }
  }

  /// @param named the id in the value, which may be left out
  private static void checkKey(String key, String named, String expected)
      throws UnusableRecordException {
    if (!key.equals(expected) || !(named.isEmpty() || named.equals(key))) {
      throw new UnusableRecordException(
          "wrong-key",
          "key '%s', id '%s' (expected: '%s')"
              .formatted(
                  BoundedText.quote(key), BoundedText.quote(named), BoundedText.quote(expected)));
    }
  }

  /// @param named what the value says beside the key, which may be left out
  private static void checkPart(String field, String named, String expected)
      throws UnusableRecordException {
    if (!named.isEmpty() && !named.equals(expected)) {
      throw new UnusableRecordException(
          "wrong-key",
          "%s: '%s' (expected: '%s', as in the key)"
              .formatted(field, BoundedText.quote(named), BoundedText.quote(expected)));
    }
  }

  private static void checkText(String field, String text, int limit)
      throws UnusableRecordException {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limit) {
      throw UnusableRecordException.invalid(
          "%s: %d bytes (expected: at most %d)".formatted(field, bytes, limit));
    }
  }

  private static String checkedHash(String field, String hex) {
    boolean digits =
        hex.length() == HASH_DIGITS
            && hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!digits) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: %d lower-case hexadecimal digits)"
              .formatted(field, BoundedText.quote(hex), HASH_DIGITS));
    }
    return hex;
  }

  private static boolean isWithin(int value, int limit) {
    return value >= 0 && value <= limit;
  }

  private static Timestamp time(boolean given, Timestamp time, long timestamp) {
    return given || !RecordTime.isValid(timestamp) ? time : Timestamps.fromMillis(timestamp);
  }
}
