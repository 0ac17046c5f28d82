package dev.mekiki.reliability.oracle;

import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.load.Operation;
import dev.mekiki.reliability.load.Outcome;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.ImageRecord;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares what users know of their writes with what is on `images`: what was acknowledged is
/// there, what was refused is not, and nothing is there twice.
final class WriteCheck {
  private final History history;
  private final Map<Integer, ImageRecord> byOperation = new HashMap<>();

  WriteCheck(History history) {
    this.history = history;
  }

  void check(List<Entry> journal, Findings findings) {
    history.defects().forEach(defect -> findings.wrong("topics", defect));
    for (ImageRecord image : history.records().values()) {
      Integer operation = image.operation();
      if (operation != null && byOperation.put(operation, image) != null) {
        findings.wrong("written twice", "operation %d of '%s'".formatted(operation, image.id()));
      }
    }
    journal.stream()
        .filter(entry -> entry.operation().kind().isWrite())
        .forEach(entry -> check(entry, findings));
    findings.count("images dead-lettered", history.deadLetters().size());
    findings.count("images there at the end", history.present().size());
    findings.count("revisions", history.revisions().size());
    findings.count("poison records on images", history.poison());
  }

  private void check(Entry entry, Findings findings) {
    Operation operation = entry.operation();
    findings.count("writes " + entry.outcome().name().toLowerCase(Locale.ROOT), 1);
    ImageRecord found = byOperation.get(operation.number());
    SourceCoordinate source = entry.source();
    if (entry.outcome() == Outcome.DONE && source != null) {
      ImageRecord there = history.records().get(Place.of(source));
      if (there == null || !there.id().equals(operation.id())) {
        findings.wrong(
            "acknowledged and lost",
            "operation %d, %s of '%s' at %s"
                .formatted(operation.number(), operation.kind(), operation.id(), Place.of(source)));
      }
    } else if (entry.outcome() == Outcome.UNKNOWN) {
      findings.count(
          found == null ? "unknown writes not found" : "unknown writes that were written", 1);
    } else if (found != null) {
      findings.wrong(
          "refused and written",
          "operation %d of '%s': %s".formatted(operation.number(), operation.id(), entry.error()));
    }
  }
}
