package dev.mekiki.launcher.demo;

import dev.mekiki.samples.SamplePicture;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was sent and what was found. Pictures of the same bytes are taken for one scene, whatever
/// was said of them: in a user's folder the same file may lie twice. Thread-safe.
final class Tally {
  private final Map<String, Truth.Sent> sent = new HashMap<>();
  private final Map<String, Integer> sceneOfBytes = new HashMap<>();
  // A scene that turned out to be another one.
  private final Map<Integer, Integer> sameScene = new HashMap<>();
  private final Map<Truth.Pair, MatchKind> found = new HashMap<>();
  private final Map<String, Seen> firstSeen = new HashMap<>();
  private final Set<String> deadLetters = new HashSet<>();
  private long changedNanos = System.nanoTime();

  /// The first match of an image that was the later one.
  record Seen(Match match, long nanos) {}

  /// Notes a picture that is about to be sent.
  synchronized void sending(SamplePicture picture, byte[] bytes) {
    String sha256 = sha256(bytes);
    sent.put(picture.id(), new Truth.Sent(picture.scene(), sha256));
    Integer other = sceneOfBytes.putIfAbsent(sha256, picture.scene());
    if (other != null && root(other) != root(picture.scene())) {
      sameScene.put(root(picture.scene()), root(other));
    }
    changedNanos = System.nanoTime();
  }

  synchronized void matched(Match match, long seenNanos) {
    changedNanos = System.nanoTime();
    if (match.getKind() == MatchKind.EXACT || match.getKind() == MatchKind.DUPLICATE) {
      found.put(
          Truth.Pair.of(match.getLater().getId(), match.getEarlier().getId()), match.getKind());
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

  /// What was found, held against what had to be.
  synchronized Truth.Count count(Truth truth) {
    Map<String, Truth.Sent> accepted = new HashMap<>();
    sent.forEach((id, picture) -> {
      if (!deadLetters.contains(id)) {
        accepted.put(id, new Truth.Sent(root(picture.scene()), picture.sha256()));
      }
    });
    return truth.count(accepted, found);
  }

  /// Images sent.
  synchronized int images() {
    return sent.size();
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
