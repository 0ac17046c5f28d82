package dev.mekiki.index.partition;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.match.MatchDecision.Emit;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.Placement;
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

/// Writes matches as CloudEvents: the attributes become headers, the data is JSON. Stateless.
final class MatchEvents {
  /// What the type of every event starts with; its kind in lower case follows.
  static final String TYPE_PREFIX = "dev.mekiki.match.";

  /// 128 bits: two of 2^40 events share an id with a chance of one in 2^49.
  private static final int ID_BYTES = 16;

  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();

  private MatchEvents() {}

  /// The event of a match.
  static CloudEvent event(Match match) {
    return CloudEventBuilder.v1()
        .withId(match.getEventId())
        .withType(TYPE_PREFIX + match.getKind().name().toLowerCase(Locale.ROOT))
        .withSource(URI.create("/mekiki/generations/" + match.getGeneration()))
        .withSubject(match.getLater().getId())
        .withTime(
            Instant.ofEpochMilli(Timestamps.toMillis(match.getMatchTime()))
                .atOffset(ZoneOffset.UTC))
        .withData("application/json", json(match).getBytes(StandardCharsets.UTF_8))
        .build();
  }

  /// The match that a partition decided to emit.
  ///
  /// @param later what is known of `decision.later()`
  /// @param earlier what is known of `decision.earlier()`
  /// @param matchMillis now
  static Match match(
      GenerationGeometry geometry,
      Emit decision,
      Placement later,
      Placement earlier,
      long matchMillis) {
    return Match.newBuilder()
        .setEventId(eventId(geometry.id(), decision.later(), decision.earlier()))
        .setKind(kind(decision.level()))
        .setLater(matched(decision.later().id(), later))
        .setEarlier(matched(decision.earlier().id(), earlier))
        .setCodeDistance(decision.codeDistance())
        .setFingerprintDistance(decision.fingerprintDistance())
        .setCenter(later.getCenter())
        .setCenterLabel(geometry.centers().label(later.getCenter()))
        .setGeneration(geometry.id())
        .setMatchTime(Timestamps.fromMillis(matchMillis))
        .build();
  }

  /// The same for the same generation and the same two revisions in either order.
  static String eventId(String generation, PlacedRevision a, PlacedRevision b) {
    boolean inOrder = IdOrder.COMPARATOR.compare(a.id(), b.id()) <= 0;
    MessageDigest digest = sha256();
    update(digest, generation);
    update(digest, inOrder ? a : b);
    update(digest, inOrder ? b : a);
    return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
  }

  private static void update(MessageDigest digest, PlacedRevision image) {
    Revision revision = image.revision();
    update(digest, image.id());
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

  private static MatchedImage matched(String id, Placement placement) {
    return MatchedImage.newBuilder()
        .setId(id)
        .setRevision(placement.getRevision())
        .setImageTime(placement.getImageTime())
        .setEncodedTime(placement.getEncodedTime())
        .setPlacedTime(placement.getPlacedTime())
        .build();
  }

  private static MatchKind kind(dev.mekiki.hashing.match.MatchLevel kind) {
    return switch (kind) {
      case EXACT -> MatchKind.EXACT;
      case DUPLICATE -> MatchKind.DUPLICATE;
      case NEAR -> MatchKind.NEAR;
    };
  }

  private static String json(Match match) {
    try {
      return JSON.print(match);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a Match without Any fields is always printable", e);
    }
  }
}
