package dev.mekiki.index.flood;

import dev.mekiki.hashing.code.HashCode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How often each fingerprint has matched in the present window. Bounded: of more fingerprints than
/// the limit, those that matched longest ago are forgotten. Owned by one thread.
final class MatchCounts {
  private static final int MAX_FINGERPRINTS = 8192;

  private final Map<Key, Count> counts = new LinkedHashMap<>(16, 0.75f, true);
  private final long windowMillis;

  /// @param tenant null where tenants are not distinguished
  record Key(HashCode fingerprint, @Nullable String tenant) {}

  private static final class Count {
    private long window;
    private long matches;
  }

  MatchCounts(long windowMillis) {
    this.windowMillis = windowMillis;
  }

  /// Adds matches of a fingerprint; how many it has now in this window.
  long add(Key key, long matches, long nowMillis) {
    long window = Math.floorDiv(nowMillis, windowMillis);
    Count count = counts.computeIfAbsent(key, _ -> new Count());
    if (count.window != window) {
      count.window = window;
      count.matches = 0;
    }
    count.matches += matches;
    if (counts.size() > MAX_FINGERPRINTS) {
      Iterator<Key> oldest = counts.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return count.matches;
  }

  void forget(Key key) {
    counts.remove(key);
  }

  int size() {
    return counts.size();
  }
}
