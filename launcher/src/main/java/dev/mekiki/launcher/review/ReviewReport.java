package dev.mekiki.launcher.review;

import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Verdict;
import dev.mekiki.schemas.v1.Verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How many of the pairs that people judged are what their events say, by kind, tenant and
/// fingerprint distance; and which fingerprint radius would have had which precision.
///
/// All of it is about judged pairs. Those that made no event were judged by nobody: shares are not
/// of all duplicates there are, and what lies beyond the radius in force was found by other rules,
/// or before the radius was lowered.
///
/// @param all every verdict
/// @param byKind by what the event said and what decided
/// @param byTenant by tenant; the default one is empty
/// @param byRadius from the smallest distance of a judged pair to the largest, only those that
///   occur: pairs of the same bytes, and of pictures without features, have none
/// @param advice for some precisions, the highest first
public record ReviewReport(
    Judged all,
    List<Judged> byKind,
    List<Judged> byTenant,
    List<AtRadius> byRadius,
    List<Advice> advice) {
  /// Fewest pairs within a radius from which anything is said about it.
  public static final int MIN_PAIRS = 20;

  private static final List<Double> PRECISIONS = List.of(0.99, 0.95, 0.9);

  public ReviewReport {
    byKind = List.copyOf(byKind);
    byTenant = List.copyOf(byTenant);
    byRadius = List.copyOf(byRadius);
    advice = List.copyOf(advice);
  }

  /// The report of some verdicts, in any order.
  public static ReviewReport of(List<Verdict> verdicts) {
    List<AtRadius> byRadius = byRadius(verdicts);
    return new ReviewReport(
        judged("all", verdicts),
        grouped(verdicts, ReviewReport::kind),
        grouped(verdicts, Verdict::getTenant),
        byRadius,
        PRECISIONS.stream().map(precision -> advice(precision, byRadius)).toList());
  }

  private static String kind(Verdict verdict) {
    if (verdict.getKind() == MatchKind.MATCH_KIND_UNSPECIFIED) {
      return "unknown";
    }
    return verdict.getDecidedBy() == DecidedBy.DECIDED_BY_UNSPECIFIED
        ? verdict.getKind().toString()
        : verdict.getKind() + " by " + verdict.getDecidedBy().toString().toLowerCase(Locale.ROOT);
  }

  private static List<Judged> grouped(List<Verdict> verdicts, Function<Verdict, String> name) {
    Map<String, List<Verdict>> groups = new TreeMap<>();
    for (Verdict verdict : verdicts) {
      groups.computeIfAbsent(name.apply(verdict), _ -> new ArrayList<>()).add(verdict);
    }
    return groups.entrySet().stream()
        .map(group -> judged(group.getKey(), group.getValue()))
        .toList();
  }

  private static Judged judged(String name, List<Verdict> verdicts) {
    return Judged.of(
        name, count(verdicts, Decision.CONFIRMED), count(verdicts, Decision.DISMISSED));
  }

  private static int count(List<Verdict> verdicts, Decision decision) {
    return Math.toIntExact(
        verdicts.stream().filter(verdict -> verdict.getDecision() == decision).count());
  }

  private static List<AtRadius> byRadius(List<Verdict> verdicts) {
    Map<Integer, List<Verdict>> byDistance = new TreeMap<>();
    for (Verdict verdict : verdicts) {
      // The same bytes match at any radius.
      if (verdict.hasFingerprintDistance() && !verdict.getSha256A().equals(verdict.getSha256B())) {
        byDistance
            .computeIfAbsent(verdict.getFingerprintDistance(), _ -> new ArrayList<>())
            .add(verdict);
      }
    }
    int allConfirmed =
        byDistance.values().stream().mapToInt(some -> count(some, Decision.CONFIRMED)).sum();
    List<AtRadius> radii = new ArrayList<>();
    int confirmed = 0;
    int dismissed = 0;
    for (Map.Entry<Integer, List<Verdict>> entry : byDistance.entrySet()) {
      int confirmedAt = count(entry.getValue(), Decision.CONFIRMED);
      int dismissedAt = count(entry.getValue(), Decision.DISMISSED);
      confirmed += confirmedAt;
      dismissed += dismissedAt;
      radii.add(
          new AtRadius(
              entry.getKey(),
              confirmedAt,
              dismissedAt,
              Judged.of("within " + entry.getKey(), confirmed, dismissed),
              allConfirmed == 0 ? 0 : (double) confirmed / allConfirmed));
    }
    return radii;
  }

  private static Advice advice(double precision, List<AtRadius> byRadius) {
    @Nullable AtRadius largest = null;
    for (AtRadius at : byRadius) {
      Double reached = at.within().precision();
      if (at.within().pairs() >= MIN_PAIRS && reached != null && reached >= precision) {
        largest = at;
      }
    }
    return new Advice(precision, largest);
  }
}
