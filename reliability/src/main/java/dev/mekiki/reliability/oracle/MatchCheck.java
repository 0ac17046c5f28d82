package dev.mekiki.reliability.oracle;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Revision;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares the events on `matches` with each image against each.
final class MatchCheck {
  /// That of the built-in settings.
  static final int RADIUS = 31;

  private final History history;
  private final List<Watermark> watermarks;

  /// @param watermarks in the order of time
  MatchCheck(History history, List<Watermark> watermarks) {
    this.history = history;
    this.watermarks = watermarks;
  }

  /// Two revisions in no order.
  record Pair(Set<Place> places) {
    static Pair of(Place a, Place b) {
      return new Pair(Set.of(a, b));
    }
  }

  void check(List<Match> events, Findings findings) {
    Set<Pair> emitted = new HashSet<>();
    Set<String> eventIds = new HashSet<>();
    for (Match event : events) {
      Place later = Place.of(event.getLater().getRevision());
      Place earlier = Place.of(event.getEarlier().getRevision());
      String pair =
          "%s (%s) and %s (%s)"
              .formatted(event.getLater().getId(), later, event.getEarlier().getId(), earlier);
      if (!eventIds.add(event.getEventId())) {
        findings.wrong("event id twice", event.getEventId() + " of " + pair);
      }
      if (!emitted.add(Pair.of(later, earlier))) {
        findings.wrong("pair twice", pair);
      }
      if (event.getLeftOut() != 0) {
        findings.wrong("events left out", pair);
      }
      checkPair(event, history.revisions().get(later), history.revisions().get(earlier), findings);
    }
    Set<Pair> expected = finalPairs();
    long missing = 0;
    for (Pair pair : expected) {
      if (!emitted.contains(pair)) {
        missing++;
        findings.wrong("pair missing", describe(pair));
      }
    }
    findings.count("events", events.size());
    findings.count("pairs that must be there", expected.size());
    findings.count("pairs missing", missing);
  }

  private void checkPair(
      Match event, @Nullable Revision later, @Nullable Revision earlier, Findings findings) {
    if (later == null || earlier == null) {
      findings.wrong("event of no revision", event.getEventId());
      return;
    }
    String pair = "%s and %s".formatted(later, earlier);
    if (!later.matches(earlier, RADIUS)) {
      findings.wrong("event of no pair", pair);
      return;
    }
    MatchKind kind =
        later.sha256().equals(earlier.sha256()) ? MatchKind.EXACT : MatchKind.DUPLICATE;
    if (event.getKind() != kind) {
      findings.wrong("event of another kind", "%s: %s".formatted(event.getKind(), pair));
    }
    Instant time = Instant.ofEpochMilli(Timestamps.toMillis(event.getMatchTime()));
    for (Revision revision : List.of(later, earlier)) {
      if (wasRemovedBefore(revision, time)) {
        findings.wrong(
            "event of a removed image", "%s at %s: %s".formatted(revision.place(), time, pair));
      }
    }
  }

  /// Whether everything that the removal brought with it had been processed at that time.
  private boolean wasRemovedBefore(Revision revision, Instant time) {
    Place end = revision.end();
    return end != null
        && watermarks.stream()
            .takeWhile(watermark -> watermark.reached().isBefore(time))
            .anyMatch(watermark -> watermark.covers(end));
  }

  private Set<Pair> finalPairs() {
    List<Revision> all = new ArrayList<>(history.present().values());
    Set<Pair> pairs = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (all.get(i).matches(all.get(j), RADIUS)) {
          pairs.add(Pair.of(all.get(i).place(), all.get(j).place()));
        }
      }
    }
    return pairs;
  }

  private String describe(Pair pair) {
    return pair.places().stream()
        .map(place -> {
          Revision revision = history.revisions().get(place);
          return revision == null ? place.toString() : "'%s' %s".formatted(revision.id(), place);
        })
        .sorted()
        .toList()
        .toString();
  }
}
