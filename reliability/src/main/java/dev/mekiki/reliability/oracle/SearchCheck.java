package dev.mekiki.reliability.oracle;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.reliability.load.Entry;
import dev.mekiki.reliability.load.Operation.Kind;
import dev.mekiki.reliability.load.Outcome;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.Homes;
import dev.mekiki.reliability.topics.ImageRecord;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Revision;
import dev.mekiki.reliability.topics.Watermark;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.StandbyAnswer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges the answers of searches while images came and went.
///
/// An image counts as *settled* in a search if its revision had been processed before the search
/// began, by a watermark, and nothing about it was sent until the search ended. All settled images
/// that are near enough must be in the answer, unless the answer names their partition as missing,
/// or comes from a standby that says that it is behind. A standby that is not behind must have what
/// was settled when it looked. Everything else may be in it or not, but must have been sent, and
/// not been removed before.
final class SearchCheck {
  private final History history;
  private final List<Watermark> watermarks;
  private final Homes homes;
  private final Findings findings;
  private final Map<Integer, Instant> sent = new HashMap<>();

  /// @param watermarks in the order of time
  SearchCheck(History history, List<Watermark> watermarks, Homes homes, Findings findings) {
    this.history = history;
    this.watermarks = watermarks;
    this.homes = homes;
    this.findings = findings;
  }

  void check(List<Entry> journal) {
    journal.forEach(entry -> sent.put(entry.operation().number(), entry.from()));
    for (Entry entry : journal) {
      if (entry.operation().kind().isWrite()) {
        continue;
      }
      String outcome = entry.outcome().name().toLowerCase(Locale.ROOT);
      SearchResponse answer = entry.answer();
      if (answer != null) {
        findings.count(answer.getComplete() ? "searches complete" : "searches named partial", 1);
        check(entry, answer);
      } else if (entry.notFound()) {
        findings.count("searches of an unknown id", 1);
        checkNotFound(entry);
      } else {
        findings.count("searches " + outcome, 1);
      }
    }
  }

  private void checkNotFound(Entry entry) {
    Revision settled = settled(entry, before(entry), entry.operation().id());
    if (settled != null) {
      findings.wrong(
          "an indexed image was not found",
          "'%s' %s in %s".formatted(settled.id(), settled.place(), text(entry)));
    }
  }

  private void check(Entry entry, SearchResponse answer) {
    if (!answer.getComplete() && answer.getMissingPartitionsCount() == 0) {
      findings.wrong("an answer is partial without a name", text(entry));
    }
    if (answer.getComplete() && answer.getMissingPartitionsCount() != 0) {
      findings.wrong("an answer is complete without partitions", text(entry));
    }
    Watermark before = before(entry);
    HashCode query = HashCode.fromHex(answer.getCode());
    Set<Place> hits = new HashSet<>();
    int last = 0;
    for (SearchHit hit : answer.getHitsList()) {
      if (!hits.add(Place.of(hit.getRevision()))) {
        findings.wrong("a hit twice", "%s in %s".formatted(hit.getImageId(), text(entry)));
      }
      if (hit.getCodeDistance() < last) {
        findings.wrong("hits out of order", text(entry));
      }
      last = hit.getCodeDistance();
      checkHit(entry, answer, before, query, hit);
    }
    if (before != null) {
      boolean full = answer.getHitsCount() >= entry.operation().limit();
      checkSettled(entry, answer, before, query, hits, full ? last : Integer.MAX_VALUE);
    }
  }

  private void checkHit(
      Entry entry,
      SearchResponse answer,
      @Nullable Watermark before,
      HashCode query,
      SearchHit hit) {
    Revision revision = history.revisions().get(Place.of(hit.getRevision()));
    if (revision == null || !revision.id().equals(hit.getImageId())) {
      findings.wrong("a hit that was never sent", hit.getImageId() + " in " + text(entry));
      return;
    }
    if (!isOfTenant(entry, revision)) {
      findings.wrong("a hit of another tenant", hit.getImageId() + " in " + text(entry));
    }
    if (revision.codes().stream()
        .noneMatch(code -> code.distance(query) == hit.getCodeDistance())) {
      findings.wrong("a hit at another distance", hit.getImageId() + " in " + text(entry));
    }
    Place end = revision.end();
    if (end != null && before != null && before.covers(end) && !isByStandby(answer, revision)) {
      findings.wrong(
          "a removed image was found",
          "'%s' %s, ended by %s, in %s"
              .formatted(revision.id(), revision.place(), end, text(entry)));
    }
  }

  private void checkSettled(
      Entry entry,
      SearchResponse answer,
      Watermark before,
      HashCode query,
      Set<Place> hits,
      int farthest) {
    Set<Integer> missing = new HashSet<>(answer.getMissingPartitionsList());
    Map<Integer, StandbyAnswer> standbys = new HashMap<>();
    answer.getStandbyList().forEach(standby -> standbys.put(standby.getPartition(), standby));
    findings.count("answers of a standby", standbys.isEmpty() ? 0 : 1);
    String self = entry.operation().kind() == Kind.SEARCH_BY_ID ? entry.operation().id() : "";
    for (String id : history.ids()) {
      Revision settled = id.equals(self) ? null : settled(entry, before, id);
      if (settled == null || !isOfTenant(entry, settled) || hits.contains(settled.place())) {
        continue;
      }
      int home = homes.of(settled.place());
      boolean isNear = settled.codes().stream().allMatch(code -> code.distance(query) < farthest);
      @Nullable StandbyAnswer standby = standbys.get(home);
      if (!isNear
          || missing.contains(home)
          || (standby != null && mayLack(standby, entry, settled))) {
        continue;
      }
      findings.wrong(
          standby != null
              ? "a standby that is up to date leaves out an image"
              : "an answer leaves out an image",
          "'%s' %s of partition %d in %s"
              .formatted(settled.id(), settled.place(), home, text(entry)));
    }
    findings.count("images looked for in answers", history.ids().size());
  }

  private boolean mayLack(StandbyAnswer standby, Entry entry, Revision settled) {
    Instant looked = entry.from().minusMillis(standby.getLagAgeMillis());
    return standby.getLag() > 0
        || !settled.equals(settled(entry, reachedBefore(looked), settled.id()));
  }

  private static boolean isOfTenant(Entry entry, Revision revision) {
    String tenant = entry.operation().tenant();
    return tenant.isEmpty() || tenant.equals(revision.tenant());
  }

  private boolean isByStandby(SearchResponse answer, Revision revision) {
    int home = homes.of(revision.place());
    return answer.getStandbyList().stream().anyMatch(standby -> standby.getPartition() == home);
  }

  /// The revision of an image that was settled during an operation; null where there is none.
  private @Nullable Revision settled(Entry entry, @Nullable Watermark before, String id) {
    if (before == null) {
      return null;
    }
    Revision settled = null;
    for (ImageRecord image : history.records(id)) {
      if (!before.covers(image.place())) {
        return wasSentAfter(image, entry.to()) ? settled : null;
      }
      Revision begun = history.revisions().get(image.place());
      if (begun != null) {
        settled = begun;
      } else if (image.sha256() == null) {
        settled = null;
      }
    }
    return settled;
  }

  /// By the clock of the runner: the timestamp of a record is that of a query service, whose clock
  /// may be off.
  private boolean wasSentAfter(ImageRecord image, Instant moment) {
    Integer operation = image.operation();
    Instant from = operation == null ? null : sent.get(operation);
    return from != null && from.isAfter(moment);
  }

  /// The last watermark that was reached before an operation began.
  private @Nullable Watermark before(Entry entry) {
    return reachedBefore(entry.from());
  }

  private @Nullable Watermark reachedBefore(Instant moment) {
    Watermark last = null;
    for (Watermark watermark : watermarks) {
      if (watermark.reached().isBefore(moment)) {
        last = watermark;
      }
    }
    return last;
  }

  private static String text(Entry entry) {
    SearchResponse answer = entry.answer();
    return "operation %d (%s, k=%d, %s to %s, %s%s)"
        .formatted(
            entry.operation().number(),
            entry.operation().kind(),
            entry.operation().limit(),
            entry.from(),
            entry.to(),
            entry.outcome() == Outcome.DONE ? "" : entry.error(),
            answer == null
                ? ""
                : "%d hits, missing %s, standby %s"
                    .formatted(
                        answer.getHitsCount(),
                        answer.getMissingPartitionsList(),
                        answer.getStandbyList().stream()
                            .map(standby ->
                                "%d:%d, %d ms ago"
                                    .formatted(
                                        standby.getPartition(),
                                        standby.getLag(),
                                        standby.getLagAgeMillis()))
                            .toList()));
  }
}
