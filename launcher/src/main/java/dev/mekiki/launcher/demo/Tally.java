package dev.mekiki.launcher.demo;

import dev.mekiki.samples.SamplePicture;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was sent, what must be found because of it, and what was found. Pictures of the same bytes
/// are taken for one scene, whatever was said of them: in a user's folder the same file may lie
/// twice. Thread-safe.
final class Tally {
  private static final Comparator<Pair> ORDER =
      Comparator.comparing(Pair::first).thenComparing(Pair::second);

  private final Map<String, Sent> sent = new HashMap<>();
  private final Map<String, Integer> sceneOfBytes = new HashMap<>();
  // A scene that turned out to be another one.
  private final Map<Integer, Integer> sameScene = new HashMap<>();
  private final Map<Pair, MatchKind> found = new HashMap<>();
  private final Map<String, Seen> firstSeen = new HashMap<>();
  private final Set<String> deadLetters = new HashSet<>();
  private long changedNanos = System.nanoTime();

  /// Two images, the smaller id first.
  record Pair(String first, String second) {
    static Pair of(String a, String b) {
      return a.compareTo(b) <= 0 ? new Pair(a, b) : new Pair(b, a);
    }
  }

  /// The first match of an image that was the later one.
  record Seen(Match match, long nanos) {}

  /// What was counted.
  ///
  /// @param missed expected pairs that were not found
  /// @param wrong found pairs that were not expected, or EXACT without the same bytes
  record Count(
      int images,
      int pairsExpected,
      int exactExpected,
      int exactFound,
      List<Pair> missed,
      List<Pair> wrong) {}

  private record Sent(SamplePicture picture, String sha256) {}

  /// Notes a picture that is about to be sent.
  synchronized void sending(SamplePicture picture, byte[] bytes) {
    String sha256 = sha256(bytes);
    sent.put(picture.id(), new Sent(picture, sha256));
    Integer other = sceneOfBytes.putIfAbsent(sha256, picture.scene());
    if (other != null && root(other) != root(picture.scene())) {
      sameScene.put(root(picture.scene()), root(other));
    }
    changedNanos = System.nanoTime();
  }

  synchronized void matched(Match match, long seenNanos) {
    changedNanos = System.nanoTime();
    if (match.getKind() == MatchKind.EXACT || match.getKind() == MatchKind.DUPLICATE) {
      found.put(Pair.of(match.getLater().getId(), match.getEarlier().getId()), match.getKind());
    }
    firstSeen.putIfAbsent(match.getLater().getId(), new Seen(match, seenNanos));
    notifyAll();
  }

  synchronized void refused(String id) {
    changedNanos = System.nanoTime();
    deadLetters.add(id);
  }

  /// The first match in which an image was the later one; waits for it.
  ///
  /// @return null where none came in time
  synchronized @Nullable Seen awaitMatchOf(String id, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Seen seen = firstSeen.get(id);
      long left = deadline - System.nanoTime();
      if (seen != null || left <= 0) {
        return seen;
      }
      wait(Math.max(1, left / 1_000_000));
    }
  }

  /// Images sent that were not refused.
  synchronized int accepted() {
    return sent.size() - deadLetters.size();
  }

  synchronized int refused() {
    return deadLetters.size();
  }

  /// Time since anything was sent or found.
  synchronized Duration quiet() {
    return Duration.ofNanos(System.nanoTime() - changedNanos);
  }

  synchronized Count count() {
    Map<Integer, List<String>> scenes = new HashMap<>();
    sent.forEach((id, picture) -> {
      if (!deadLetters.contains(id)) {
        scenes.computeIfAbsent(root(picture.picture().scene()), scene -> new ArrayList<>()).add(id);
      }
    });
    Set<Pair> expected = new HashSet<>();
    Set<Pair> exact = new HashSet<>();
    for (List<String> scene : scenes.values()) {
      for (int i = 0; i < scene.size(); i++) {
        for (int j = 0; j < i; j++) {
          Pair pair = Pair.of(scene.get(i), scene.get(j));
          expected.add(pair);
          if (haveSameBytes(pair)) {
            exact.add(pair);
          }
        }
      }
    }
    List<Pair> missed =
        expected.stream().filter(pair -> !found.containsKey(pair)).sorted(ORDER).toList();
    List<Pair> wrong =
        found.entrySet().stream()
            .filter(entry ->
                !expected.contains(entry.getKey())
                    || (entry.getValue() == MatchKind.EXACT && !exact.contains(entry.getKey())))
            .map(Map.Entry::getKey)
            .sorted(ORDER)
            .toList();
    int exactFound =
        Math.toIntExact(exact.stream().filter(pair -> found.get(pair) == MatchKind.EXACT).count());
    return new Count(sent.size(), expected.size(), exact.size(), exactFound, missed, wrong);
  }

  private boolean haveSameBytes(Pair pair) {
    Sent first = sent.get(pair.first());
    Sent second = sent.get(pair.second());
    return first != null && second != null && first.sha256().equals(second.sha256());
  }

  private int root(int scene) {
    Integer other = sameScene.get(scene);
    return other == null ? scene : root(other);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
