package dev.mekiki.runtime.match;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchLimits;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// Writes matches as CloudEvents: the attributes become headers, the data is JSON. Stateless.
public final class MatchEvents {
  /// What the type of every event starts with; its kind in lower case follows.
  public static final String TYPE_PREFIX = "dev.mekiki.match.";

  /// The type of an event that retracts a match.
  public static final String RETRACTED = TYPE_PREFIX + "retracted";

  /// The header of a record in which the type of a CloudEvent stands.
  private static final String TYPE_HEADER = "ce_type";

  private static final Set<String> PAIR_TYPES =
      Stream.of(MatchKind.EXACT, MatchKind.DUPLICATE, MatchKind.NEAR, MatchKind.SHARES_ELEMENT)
          .map(MatchEvents::type)
          .collect(Collectors.toUnmodifiableSet());

  /// 128 bits: two of 2^40 events share an id with a chance of one in 2^49.
  private static final int ID_BYTES = 16;

  private static final String ALIGNMENT = "alignment";

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();

  private MatchEvents() {}

  /// The event of a match.
  public static CloudEvent event(Match match) {
    return event(match, match.getEventId(), type(match.getKind()), match.getMatchTime());
  }

  /// The event that a match has ended.
  ///
  /// @param match as it was reported, with its `retraction`
  public static CloudEvent retraction(Match match) {
    return event(
        match, match.getEventId() + "-retracted", RETRACTED, match.getRetraction().getTime());
  }

  private static CloudEvent event(Match match, String id, String type, Timestamp time) {
    return CloudEventBuilder.v1()
        .withId(id)
        .withType(type)
        .withSource(URI.create("/mekiki/generations/" + match.getGeneration()))
        .withSubject(match.getLater().getId())
        .withTime(Instant.ofEpochMilli(Timestamps.toMillis(time)).atOffset(ZoneOffset.UTC))
        .withData("application/json", json(match).getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static String type(MatchKind kind) {
    return TYPE_PREFIX + kind.name().toLowerCase(Locale.ROOT);
  }

  /// Whether a record on `matches` reports a pair: not so the event that retracts a match, or one
  /// of a type that this version does not know. One that names no type should.
  public static boolean reportsPair(Headers headers) {
    Header type = headers.lastHeader(TYPE_HEADER);
    return type == null
        || type.value() == null
        || PAIR_TYPES.contains(new String(type.value(), StandardCharsets.UTF_8));
  }

  /// The id of the event of a pair that bytes, fingerprints or codes decide: the same for the same
  /// generation and the same two revisions in either order.
  public static String eventId(String generation, PlacedRevision a, PlacedRevision b) {
    return eventId(generation, a.id(), a.revision(), b.id(), b.revision(), "");
  }

  /// The id of the event of a pair that an alignment decides. A pair may be NEAR, too, which is
  /// another event.
  public static String alignmentId(CopyCandidate pair) {
    return eventId(
        pair.getGeneration(),
        pair.getSoughtId(),
        Revisions.of(pair.getSought().getRevision()),
        pair.getFoundId(),
        Revisions.of(pair.getFound().getRevision()),
        ALIGNMENT);
  }

  private static String eventId(
      String generation, String idA, Revision a, String idB, Revision b, String decidedBy) {
    boolean inOrder = IdOrder.COMPARATOR.compare(idA, idB) <= 0;
    MessageDigest digest = sha256();
    update(digest, generation);
    update(digest, inOrder ? idA : idB, inOrder ? a : b);
    update(digest, inOrder ? idB : idA, inOrder ? b : a);
    if (!decidedBy.isEmpty()) {
      update(digest, decidedBy);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
  }

  private static void update(MessageDigest digest, String id, Revision revision) {
    update(digest, id);
    update(digest, revision.topic());
    digest.update(
        ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
            .putInt(revision.partition())
            .putLong(revision.offset())
            .flip());
  }

  /// With its length before it, so that no two lists of texts are the same bytes.
  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The kind of event of a level.
  public static MatchKind kind(dev.mekiki.hashing.match.MatchLevel kind) {
    return switch (kind) {
      case EXACT -> MatchKind.EXACT;
      case DUPLICATE -> MatchKind.DUPLICATE;
      case NEAR -> MatchKind.NEAR;
    };
  }

  /// The thresholds as an event names them.
  public static MatchLimits limits(MatchPolicy policy) {
    MatchLimits.Builder limits =
        MatchLimits.newBuilder()
            .setReach(policy.reach().name().toLowerCase(Locale.ROOT))
            .setFingerprintRadius(policy.fingerprintRadius());
    if (policy.reach() == Reach.CODES) {
      limits.setRadius(policy.radius());
    }
    Integer nearRadius = policy.nearRadius();
    if (nearRadius != null) {
      limits.setNearRadius(nearRadius);
    }
    return limits.build();
  }

  static String json(MessageOrBuilder data) {
    try {
      return JSON.print(data);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without Any fields is always printable", e);
    }
  }
}
