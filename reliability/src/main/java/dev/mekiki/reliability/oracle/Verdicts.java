package dev.mekiki.reliability.oracle;

import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.reliability.decision.Decision;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Revision;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.runtime.policy.VerdictId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which pairs of contents may have events, and which must, by what people decided meanwhile.
///
/// A dismissal is *settled* by the first watermark that was looked for once every index instance
/// had read it: what had arrived before was decided before, what comes later is decided by it. It
/// ends when the next decision on the pair is sent. Immutable.
final class Verdicts {
  private final Map<String, List<Decision>> decisions = new HashMap<>();
  private final List<Watermark> watermarks;

  /// @param decisions those on each pair in the order in which they were sent
  /// @param watermarks in the order of time
  Verdicts(List<Decision> decisions, List<Watermark> watermarks) {
    this.watermarks = watermarks;
    for (Decision decision : decisions) {
      this.decisions.computeIfAbsent(decision.pair(), _ -> new ArrayList<>()).add(decision);
    }
  }

  /// The key of the verdict on two contents; null where both are the same.
  static @Nullable String pair(Revision a, Revision b) {
    return a.sha256().equals(b.sha256())
        ? null
        : new VerdictId(a.tenant(), Sha256.fromHex(a.sha256()), Sha256.fromHex(b.sha256()))
            .toString();
  }

  /// The dismissal by which a pair may have no event at a place on `matches`; null where it may.
  @Nullable Decision silences(Revision a, Revision b, Place event) {
    List<Decision> all = of(a, b);
    for (int i = 0; i < all.size(); i++) {
      Decision decision = all.get(i);
      Instant next = i + 1 < all.size() ? all.get(i + 1).sent() : Instant.MAX;
      if (decision.dismissed() && isSettled(decision, event) && isBefore(event, next)) {
        return decision;
      }
    }
    return null;
  }

  private boolean isSettled(Decision decision, Place event) {
    Instant inForce = decision.inForce();
    return inForce != null
        && watermarks.stream()
            .anyMatch(watermark -> watermark.asked().isAfter(inForce) && watermark.isBefore(event));
  }

  /// Whether an event is known to have been written before a moment.
  private boolean isBefore(Place event, Instant moment) {
    return moment.equals(Instant.MAX)
        || watermarks.stream()
            .anyMatch(watermark ->
                watermark.reached().isBefore(moment)
                    && event.offset() < watermark.events().getOrDefault(event.partition(), 0L));
  }

  /// Whether a pair of images that are there must have an event, whatever was decided: they were
  /// decided on before it was first dismissed, or one came when it was so no longer.
  boolean requires(Revision a, Revision b) {
    List<Decision> all = of(a, b);
    Decision first = all.stream().filter(Decision::dismissed).findFirst().orElse(null);
    if (first == null) {
      return true;
    }
    boolean before =
        watermarks.stream()
            .anyMatch(watermark ->
                watermark.reached().isBefore(first.sent())
                    && watermark.covers(a.place())
                    && watermark.covers(b.place()));
    return before || cameAfter(all.getLast(), a, b);
  }

  private boolean cameAfter(Decision last, Revision a, Revision b) {
    Instant inForce = last.inForce();
    return !last.dismissed()
        && inForce != null
        && watermarks.stream()
            .anyMatch(watermark ->
                watermark.asked().isAfter(inForce)
                    && !(watermark.covers(a.place()) && watermark.covers(b.place())));
  }

  private List<Decision> of(Revision a, Revision b) {
    String pair = pair(a, b);
    return pair == null ? List.of() : decisions.getOrDefault(pair, List.of());
  }
}
