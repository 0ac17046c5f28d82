package dev.mekiki.runtime.match;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.Quarantine;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;

/// Writes what is in quarantine as CloudEvents, as {@link MatchEvents} does with matches.
/// Stateless.
public final class QuarantineEvents {
  /// The type of every such event.
  public static final String TYPE = "dev.mekiki.quarantine";

  private QuarantineEvents() {}

  /// The event.
  public static CloudEvent event(Quarantine quarantine) {
    return CloudEventBuilder.v1()
        .withId(quarantine.getEventId())
        .withType(TYPE)
        .withSource(URI.create("/mekiki/generations/" + quarantine.getGeneration()))
        .withSubject(quarantine.getFingerprint())
        .withTime(
            Instant.ofEpochMilli(Timestamps.toMillis(quarantine.getEventTime()))
                .atOffset(ZoneOffset.UTC))
        .withData("application/json", MatchEvents.json(quarantine).getBytes(StandardCharsets.UTF_8))
        .build();
  }
}
