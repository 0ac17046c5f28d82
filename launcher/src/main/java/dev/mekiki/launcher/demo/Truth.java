package dev.mekiki.launcher.demo;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.schemas.v1.MatchKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What must be found of the pictures of a demo: every pair of the same bytes, and every pair whose
/// fingerprints lie within the radius; under the reach `codes` only if their codes do, too.
/// Compares every picture with every other one, so that it shares nothing with the index but the
/// distances.
///
/// @param policy what the index counts as a match
/// @param indexed of each image that was not refused
record Truth(MatchPolicy policy, Map<String, Indexed> indexed) {
  private static final Comparator<PairDistance> ORDER =
      Comparator.comparing(PairDistance::first).thenComparing(PairDistance::second);

  /// What the encoder made of a picture.
  record Indexed(HashCode code, Fingerprint fingerprint) {}

  /// A picture that was sent.
  ///
  /// @param scene the same for pictures of one thing
  record Sent(int scene, String sha256) {}

  /// Two images, the smaller id first.
  record Pair(String first, String second) {
    static Pair of(String a, String b) {
      return a.compareTo(b) <= 0 ? new Pair(a, b) : new Pair(b, a);
    }
  }

  /// What was counted.
  ///
  /// @param expected pairs that must be found
  /// @param exactExpected of these, pairs of the same bytes
  /// @param exactFound of these, those found as EXACT
  /// @param missed expected pairs that were not found
  /// @param beyond pairs of one scene that are too far apart to be found
  /// @param wrong found pairs that are of two scenes or too far apart, or EXACT without the same
  ///   bytes
  record Count(
      int expected,
      int exactExpected,
      int exactFound,
      List<PairDistance> missed,
      List<PairDistance> beyond,
      List<PairDistance> wrong) {}

  /// Holds what was found against what had to be.
  ///
  /// @param sent the pictures that were not refused, by id
  Count count(Map<String, Sent> sent, Map<Pair, MatchKind> found) {
    List<String> ids = sent.keySet().stream().sorted().toList();
    int expected = 0;
    int exactExpected = 0;
    int exactFound = 0;
    List<PairDistance> missed = new ArrayList<>();
    List<PairDistance> beyond = new ArrayList<>();
    List<PairDistance> wrong = new ArrayList<>();
    Set<Pair> right = new HashSet<>();
    for (int i = 0; i < ids.size(); i++) {
      Sent first = sent(sent, ids.get(i));
      for (int j = i + 1; j < ids.size(); j++) {
        Sent second = sent(sent, ids.get(j));
        boolean sameScene = first.scene() == second.scene();
        boolean exact = first.sha256().equals(second.sha256());
        int fingerprints = of(ids.get(i)).fingerprint().distance(of(ids.get(j)).fingerprint());
        boolean featureless =
            of(ids.get(i)).fingerprint().isFeatureless()
                || of(ids.get(j)).fingerprint().isFeatureless();
        boolean near = exact || (!featureless && fingerprints <= policy.fingerprintRadius());
        if (!near && !sameScene) {
          continue;
        }
        PairDistance distance = distance(ids.get(i), ids.get(j));
        if (!near || !codesAllow(distance)) {
          if (sameScene) {
            beyond.add(distance);
          }
          continue;
        }
        Pair pair = new Pair(ids.get(i), ids.get(j));
        MatchKind kind = found.get(pair);
        expected++;
        exactExpected += exact ? 1 : 0;
        exactFound += exact && kind == MatchKind.EXACT ? 1 : 0;
        if (kind == null) {
          missed.add(distance);
        } else if (sameScene && (exact || kind != MatchKind.EXACT)) {
          right.add(pair);
        }
      }
    }
    found.keySet().stream()
        .filter(pair -> !right.contains(pair))
        .map(pair -> distance(pair.first(), pair.second()))
        .sorted(ORDER)
        .forEach(wrong::add);
    return new Count(expected, exactExpected, exactFound, missed, beyond, wrong);
  }

  private boolean codesAllow(PairDistance pair) {
    return policy.reach() == Reach.EVERYWHERE || pair.codeDistance() <= policy.radius();
  }

  private PairDistance distance(String first, String second) {
    return new PairDistance(
        first,
        second,
        of(first).code().distance(of(second).code()),
        of(first).fingerprint().distance(of(second).fingerprint()));
  }

  private Indexed of(String id) {
    return Objects.requireNonNull(indexed.get(id), () -> "no code of image " + id);
  }

  private static Sent sent(Map<String, Sent> sent, String id) {
    return Objects.requireNonNull(sent.get(id), id);
  }
}
