package dev.mekiki.reliability.report;

import dev.mekiki.reliability.fault.Happened;
import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.topics.Progress.Lag;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.v1.SearchResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What users noticed of a fault, until the next one began.
///
/// @param partial searches whose answers named partitions that were missing
/// @param unanswered searches without an answer
/// @param wholeAfter from the beginning of the fault to the end of the last such search
/// @param pause the longest time without progress of the index, to a second or two
/// @param goesOnAfter from the end of the fault until the index was seen to make progress again;
///   null where the next fault, or the end, came first
/// @param processedAfter from the end of the fault until all images that had been sent by then were
///   processed; null where the next fault, or the end, came first
record Effect(
    Happened fault,
    int partial,
    int unanswered,
    Duration wholeAfter,
    Duration pause,
    @Nullable Duration goesOnAfter,
    @Nullable Duration processedAfter) {

  static List<Effect> of(
      List<Happened> faults,
      List<Entry> journal,
      List<Watermark> watermarks,
      List<Lag> lags,
      Instant end) {
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      Instant next = i + 1 < faults.size() ? faults.get(i + 1).from() : end;
      effects.add(of(faults.get(i), next, journal, watermarks, lags));
    }
    return effects;
  }

  private static Effect of(
      Happened fault,
      Instant next,
      List<Entry> journal,
      List<Watermark> watermarks,
      List<Lag> lags) {
    int partial = 0;
    int unanswered = 0;
    Duration whole = Duration.ZERO;
    for (Entry entry : journal) {
      boolean isWithin = entry.from().isBefore(next) && entry.to().isAfter(fault.from());
      if (entry.operation().kind().isWrite() || !isWithin || entry.notFound()) {
        continue;
      }
      @Nullable SearchResponse answer = entry.answer();
      if (answer != null && answer.getComplete()) {
        continue;
      }
      partial += answer == null ? 0 : 1;
      unanswered += answer == null ? 1 : 0;
      Duration after = Duration.between(fault.from(), entry.to());
      whole = after.compareTo(whole) > 0 ? after : whole;
    }
    return new Effect(
        fault,
        partial,
        unanswered,
        whole,
        pause(fault, next, lags),
        goesOn(fault, next, lags),
        processed(fault, next, watermarks));
  }

  private static Duration pause(Happened fault, Instant next, List<Lag> lags) {
    Duration longest = Duration.ZERO;
    Lag last = null;
    for (Lag lag : lags) {
      if (last == null || lag.processed() > last.processed()) {
        if (last != null && last.time().isBefore(next) && lag.time().isAfter(fault.from())) {
          Duration pause = Duration.between(last.time(), lag.time());
          longest = pause.compareTo(longest) > 0 ? pause : longest;
        }
        last = lag;
      }
    }
    return longest;
  }

  private static @Nullable Duration goesOn(Happened fault, Instant next, List<Lag> lags) {
    long before = -1;
    for (Lag lag : lags) {
      if (!lag.time().isAfter(fault.to()) || before < 0) {
        before = lag.processed();
      } else if (lag.processed() > before) {
        return lag.time().isBefore(next) ? Duration.between(fault.to(), lag.time()) : null;
      }
    }
    return null;
  }

  private static @Nullable Duration processed(
      Happened fault, Instant next, List<Watermark> watermarks) {
    return watermarks.stream()
        .filter(watermark ->
            watermark.asked().isAfter(fault.to()) && watermark.reached().isBefore(next))
        .findFirst()
        .map(watermark -> Duration.between(fault.to(), watermark.reached()))
        .orElse(null);
  }
}
