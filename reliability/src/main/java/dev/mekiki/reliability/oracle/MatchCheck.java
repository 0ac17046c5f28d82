package dev.mekiki.reliability.oracle;

import dev.mekiki.reliability.decision.Decision;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.MatchLog.Event;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Revision;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
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
  private final Verdicts verdicts;

  /// @param watermarks in the order of time
  MatchCheck(History history, List<Watermark> watermarks, Verdicts verdicts) {
    this.history = history;
    this.watermarks = watermarks;
    this.verdicts = verdicts;
  }

  /// Two revisions in no order.
  record Pair(Set<Place> places) {
    static Pair of(Place a, Place b) {
      return new Pair(Set.of(a, b));
    }
  }

  void check(List<Event> events, Findings findings) {
    Set<Pair> emitted = new HashSet<>();
    Set<String> eventIds = new HashSet<>();
    for (Event at : events) {
      Match event = at.match();
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
      checkPair(at, history.revisions().get(later), history.revisions().get(earlier), findings);
    }
    findings.count("events", events.size());
    checkMissing(emitted, findings);
  }

  private void checkMissing(Set<Pair> emitted, Findings findings) {
    List<Revision> all = new ArrayList<>(history.present().values());
    long required = 0;
    long missing = 0;
    long silent = 0;
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        Revision a = all.get(i);
        Revision b = all.get(j);
        if (!a.matches(b, RADIUS)) {
          continue;
        }
        boolean isThere = emitted.contains(Pair.of(a.place(), b.place()));
        if (verdicts.requires(a, b)) {
          required++;
          missing += isThere ? 0 : 1;
          if (!isThere) {
            findings.wrong("pair missing", describe(a, b));
          }
        } else {
          silent += isThere ? 0 : 1;
        }
      }
    }
    findings.count("pairs that must be there", required);
    findings.count("pairs missing", missing);
    findings.count("pairs that a verdict has kept silent", silent);
  }

  private static String describe(Revision a, Revision b) {
    return "'%s' %s and '%s' %s".formatted(a.id(), a.place(), b.id(), b.place());
  }

  private void checkPair(
      Event at, @Nullable Revision later, @Nullable Revision earlier, Findings findings) {
    Match event = at.match();
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
    for (Revision revision : List.of(later, earlier)) {
      if (wasRemovedBefore(revision, at.at())) {
        findings.wrong(
            "event of a removed image",
            "%s at %s of matches: %s".formatted(revision.place(), at.at(), pair));
      }
    }
    Decision dismissal = verdicts.silences(later, earlier, at.at());
    if (dismissal != null) {
      findings.wrong(
          "event of a dismissed pair",
          "%s, %s: %s of matches, %s".formatted(dismissal, event.getEventId(), at.at(), pair));
    }
  }

  /// Whether everything that the removal brought with it had been processed before the event was
  /// written.
  private boolean wasRemovedBefore(Revision revision, Place event) {
    Place end = revision.end();
    return end != null
        && watermarks.stream()
            .anyMatch(watermark -> watermark.covers(end) && watermark.isBefore(event));
  }
}
