package dev.mekiki.runtime.policy;

import static java.util.Comparator.comparing;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.policy.PairKey;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Every decision with its author, reason and time: for those who show them. A verdict takes about
/// 400 bytes and its texts. One thread changes it, any number may read meanwhile.
public final class PolicyDetails {
  private static final Comparator<Timestamp> TIME = Timestamps.comparator();

  private final Map<String, Mute> mutes = new ConcurrentHashMap<>();
  private final Map<String, TenantSettings> tenants = new ConcurrentHashMap<>();
  private final Map<PairKey, Judged> verdicts = new ConcurrentHashMap<>();
  private final NavigableSet<Judged> newestFirst = new ConcurrentSkipListSet<>();

  PolicyDetails() {}

  /// Some verdicts, the newest first.
  ///
  /// @param next where the next ones begin, or null where there are no more
  public record Page(List<Verdict> verdicts, @Nullable Cursor next) {
    public Page {
      verdicts = List.copyOf(verdicts);
    }
  }

  /// The place after a verdict, which need not be there any more. It stays right while others come
  /// and go, and is the same in every service.
  public static final class Cursor {
    private final Judged last;

    private Cursor(Judged last) {
      this.last = last;
    }

    /// The cursor of its text.
    ///
    /// @throws IllegalArgumentException where it is no such text
    public static Cursor parse(String text) {
      try {
        String[] parts =
            new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 3);
        if (parts.length == 3) {
          return new Cursor(
              new Judged(
                  VerdictId.parse(parts[2]),
                  Long.parseLong(parts[0]),
                  Integer.parseInt(parts[1]),
                  new byte[0]));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("expected: the nextCursor of an answer", e);
      }
      throw new IllegalArgumentException("expected: the nextCursor of an answer");
    }

    @Override
    public String toString() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              "%d %d %s"
                  .formatted(last.seconds, last.nanos, last.id())
                  .getBytes(StandardCharsets.UTF_8));
    }
  }

  /// All mutes, the newest first.
  public List<Mute> mutes() {
    return mutes.values().stream()
        .sorted(comparing(Mute::getTime, TIME).reversed().thenComparing(Mute::getId))
        .toList();
  }

  /// A mute by its id, or null.
  public @Nullable Mute mute(String id) {
    return mutes.get(id);
  }

  /// The settings of all tenants that have some, by name.
  public List<TenantSettings> tenants() {
    return tenants.values().stream().sorted(comparing(TenantSettings::getTenant)).toList();
  }

  /// Number of verdicts.
  public int verdicts() {
    return verdicts.size();
  }

  /// A verdict by its id, or null.
  public @Nullable Verdict verdict(VerdictId id) {
    Judged judged = verdicts.get(id.pair());
    return judged == null ? null : judged.verdict();
  }

  /// Verdicts, the newest first.
  ///
  /// @param after where to begin; null for the newest
  /// @param limit most verdicts, at least 1
  /// @param tenants whose verdicts
  public Page verdicts(@Nullable Cursor after, int limit, Predicate<String> tenants) {
    List<Verdict> page = new ArrayList<>();
    Judged last = null;
    for (Judged judged : after == null ? newestFirst : newestFirst.tailSet(after.last, false)) {
      if (!tenants.test(judged.tenant)) {
        continue;
      }
      if (page.size() == limit) {
        return new Page(page, last == null ? null : new Cursor(last));
      }
      page.add(judged.verdict());
      last = judged;
    }
    return new Page(page, null);
  }

  void put(Mute mute) {
    mutes.put(mute.getId(), mute);
  }

  void removeMute(String id) {
    mutes.remove(id);
  }

  void put(TenantSettings tenant) {
    tenants.put(tenant.getTenant(), tenant);
  }

  void removeTenant(String tenant) {
    tenants.remove(tenant);
  }

  void put(VerdictId id, Verdict verdict) {
    Judged judged = Judged.of(id, verdict);
    Judged before = verdicts.put(id.pair(), judged);
    // Of the same time it is not added beside the former, which is equal.
    if (before != null) {
      newestFirst.remove(before);
    }
    newestFirst.add(judged);
  }

  void remove(VerdictId id) {
    Judged before = verdicts.remove(id.pair());
    if (before != null) {
      newestFirst.remove(before);
    }
  }

  /// A verdict, packed: what its id and time say is left out of its message. Ordered by time, the
  /// newest first.
  private static final class Judged implements Comparable<Judged> {
    private static final Comparator<Judged> ORDER =
        Comparator.<Judged>comparingLong(judged -> judged.seconds)
            .thenComparingInt(judged -> judged.nanos)
            .reversed()
            .thenComparing(judged -> judged.a)
            .thenComparing(judged -> judged.b)
            .thenComparing(judged -> judged.tenant);

    private final String tenant;
    private final Sha256 a;
    private final Sha256 b;
    private final long seconds;
    private final int nanos;
    private final byte[] rest;

    Judged(VerdictId id, long seconds, int nanos, byte[] rest) {
      this.tenant = id.tenant().isEmpty() ? "" : id.tenant();
      this.a = id.a();
      this.b = id.b();
      this.seconds = seconds;
      this.nanos = nanos;
      this.rest = rest;
    }

    static Judged of(VerdictId id, Verdict verdict) {
      Timestamp time = verdict.getTime();
      return new Judged(
          id,
          time.getSeconds(),
          time.getNanos(),
          verdict.toBuilder()
              .clearId()
              .clearTenant()
              .clearSha256A()
              .clearSha256B()
              .clearTime()
              .build()
              .toByteArray());
    }

    VerdictId id() {
      return new VerdictId(tenant, a, b);
    }

    Verdict verdict() {
      try {
        return Verdict.parseFrom(rest).toBuilder()
            .setId(id().toString())
            .setTenant(tenant)
            .setSha256A(a.toHex())
            .setSha256B(b.toHex())
            .setTime(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos))
            .build();
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("packed here", e);
      }
    }

    @Override
    public int compareTo(Judged other) {
      return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Judged judged && compareTo(judged) == 0;
    }

    @Override
    public int hashCode() {
      return a.hashCode() ^ b.hashCode();
    }
  }
}
