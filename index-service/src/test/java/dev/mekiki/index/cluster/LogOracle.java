package dev.mekiki.index.cluster;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.index.cluster.Workload.Pair;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which pairs make an event, from the records on the topics alone, by comparing every two
/// revisions there ever were.
///
/// Decisions are made between bursts of images, when all images before are dealt with. So the time
/// of a record on the broker says which decisions hold for it, and a pair is under those in force
/// when the later of its two images came.
final class LogOracle {
  private static final int FINGERPRINT_RADIUS = 31;
  private static final int NEVER = Integer.MAX_VALUE;

  private final List<Phase> phases = new ArrayList<>();
  private final List<Revision> revisions = new ArrayList<>();
  private final Map<String, Revision> there = new HashMap<>();

  /// What must become of a pair that has the same bytes or near fingerprints.
  enum Due {
    /// Exactly one event.
    ONE,
    /// One event at most: one of the images was replaced, deleted or ended soon after.
    ANY,
    // Why there is none.
    DELETED,
    EXPIRED,
    OTHER_TENANT,
    SAME_SOURCE,
    THRESHOLD,
    MUTED_BY_SENDER,
    MUTED_IMAGE,
    MUTED_PICTURE,
    MUTED_BYTES,
    DISMISSED
  }

  /// What is decided from a time on.
  private record Phase(
      long start,
      Map<String, Mute> mutes,
      Map<String, Verdict> verdicts,
      Map<String, TenantSettings> tenants) {}

  private static final class Revision {
    private final String id;
    private final ImageCode code;
    private final HashCode fingerprint;
    private final String sha256;
    private final int born;
    private int died = NEVER;
    private long expires;
    private Timestamp last;
    private boolean expired;

    Revision(String id, ImageCode code, int born) {
      this.id = id;
      this.code = code;
      this.born = born;
      fingerprint = HashCode.fromBytes(code.getFingerprint().toByteArray());
      sha256 = HexFormat.of().formatHex(code.getSha256().toByteArray());
      expires = end(code);
      last = code.getImageTime();
    }
  }

  /// @param decisions the records of `mutes`, `verdicts` and `tenants` by time; a null value takes
  ///   one back
  /// @param codes the records of `image-codes`, of each id in their order
  LogOracle(List<Decision> decisions, List<Code> codes) {
    phases.add(new Phase(Long.MIN_VALUE, Map.of(), Map.of(), Map.of()));
    decisions.forEach(this::decide);
    codes.forEach(this::read);
    for (Revision left : there.values()) {
      if (left.expires != Long.MAX_VALUE) {
        left.died = phase(left.expires);
        left.expired = true;
      }
    }
  }

  /// A record of one of the topics of decisions: of what its topic holds, the rest is null.
  record Decision(
      long time,
      String key,
      @Nullable Mute mute,
      @Nullable Verdict verdict,
      @Nullable TenantSettings tenant) {}

  /// A record on `image-codes`.
  record Code(long time, String id, @Nullable ImageCode code) {}

  private void decide(Decision decision) {
    Phase last = phases.getLast();
    Map<String, Mute> mutes = new TreeMap<>(last.mutes());
    Map<String, Verdict> verdicts = new TreeMap<>(last.verdicts());
    Map<String, TenantSettings> tenants = new TreeMap<>(last.tenants());
    put(mutes, decision.key(), decision.mute());
    put(verdicts, decision.key(), decision.verdict());
    put(tenants, decision.key(), decision.tenant());
    phases.add(new Phase(decision.time(), mutes, verdicts, tenants));
  }

  /// A key of one topic is none of another.
  private static <T> void put(Map<String, T> map, String key, @Nullable T value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private int phase(long time) {
    int phase = phases.size() - 1;
    while (phases.get(phase).start() > time) {
      phase--;
    }
    return phase;
  }

  private void read(Code record) {
    int phase = phase(record.time());
    @Nullable Revision before = there.get(record.id());
    if (before != null && before.expires != Long.MAX_VALUE && phase(before.expires) < phase) {
      before.died = phase(before.expires);
      before.expired = true;
      before = null;
    }
    @Nullable ImageCode code = record.code();
    if (code != null
        && end(code) <= record.time()
        && before != null
        && Timestamps.compare(code.getImageTime(), before.last) < 0) {
      return;
    }
    if (code == null || end(code) <= record.time()) {
      there.remove(record.id());
      if (before != null) {
        before.died = phase;
      }
    } else if (before != null
        && before.code.getSha256().equals(code.getSha256())
        && before.code.getTenant().equals(code.getTenant())) {
      before.expires = end(code);
      before.last = code.getImageTime();
    } else {
      if (before != null) {
        before.died = phase;
      }
      Revision revision = new Revision(record.id(), code, phase);
      revisions.add(revision);
      there.put(record.id(), revision);
    }
  }

  private static long end(ImageCode code) {
    return code.hasExpireTime() ? Timestamps.toMillis(code.getExpireTime()) : Long.MAX_VALUE;
  }

  /// What is due of every pair with the same bytes or near fingerprints.
  Map<Pair, Due> pairs() {
    Map<Pair, Due> pairs = new HashMap<>();
    for (int i = 0; i < revisions.size(); i++) {
      for (int j = 0; j < i; j++) {
        Revision a = revisions.get(i);
        Revision b = revisions.get(j);
        if (!a.id.equals(b.id) && isMatch(a, b)) {
          pairs.put(Pair.of(a.code.getSource(), b.code.getSource()), due(a, b));
        }
      }
    }
    return pairs;
  }

  /// How many pairs there are of each kind.
  static Map<Due, Integer> counts(Map<Pair, Due> pairs) {
    Map<Due, Integer> counts = new EnumMap<>(Due.class);
    pairs.values().forEach(due -> counts.merge(due, 1, Integer::sum));
    return counts;
  }

  private static boolean isMatch(Revision a, Revision b) {
    return a.sha256.equals(b.sha256) || a.fingerprint.distance(b.fingerprint) <= FINGERPRINT_RADIUS;
  }

  private Due due(Revision a, Revision b) {
    int met = Math.max(a.born, b.born);
    Revision first = a.died < b.died ? a : b;
    if (first.died < met) {
      return first.expired ? Due.EXPIRED : Due.DELETED;
    }
    @Nullable Due silent = silent(a, b, phases.get(met));
    if (silent != null) {
      return silent;
    }
    return first.died == met ? Due.ANY : Due.ONE;
  }

  private static @Nullable Due silent(Revision a, Revision b, Phase decided) {
    String tenant = a.code.getTenant();
    if (!tenant.equals(b.code.getTenant())) {
      return Due.OTHER_TENANT;
    }
    String source = a.code.getImageSource();
    if (!source.isEmpty() && source.equals(b.code.getImageSource())) {
      return Due.SAME_SOURCE;
    }
    if (later(a, b).code.getMute()) {
      return Due.MUTED_BY_SENDER;
    }
    @Nullable TenantSettings settings = decided.tenants().get(tenant);
    if (settings != null
        && !a.sha256.equals(b.sha256)
        && a.fingerprint.distance(b.fingerprint) > settings.getFingerprintRadius()) {
      return Due.THRESHOLD;
    }
    for (Mute mute : decided.mutes().values()) {
      if (isMuted(a, mute) || isMuted(b, mute)) {
        return switch (mute.getWhatCase()) {
          case IMAGE_ID -> Due.MUTED_IMAGE;
          case FINGERPRINT -> Due.MUTED_PICTURE;
          default -> Due.MUTED_BYTES;
        };
      }
    }
    boolean inOrder = a.sha256.compareTo(b.sha256) < 0;
    String pair = inOrder ? a.sha256 + '-' + b.sha256 : b.sha256 + '-' + a.sha256;
    @Nullable Verdict verdict =
        decided.verdicts().get(tenant.isEmpty() ? pair : tenant + '/' + pair);
    return verdict != null && verdict.getDecision() == Verdict.Decision.DISMISSED
        ? Due.DISMISSED
        : null;
  }

  private static boolean isMuted(Revision image, Mute mute) {
    if (mute.hasTenant() && !mute.getTenant().equals(image.code.getTenant())) {
      return false;
    }
    return switch (mute.getWhatCase()) {
      case IMAGE_ID -> mute.getImageId().equals(image.id);
      case FINGERPRINT ->
          HashCode.fromHex(mute.getFingerprint().getFingerprint()).distance(image.fingerprint)
              <= mute.getFingerprint().getRadius();
      default -> mute.getSha256().equals(image.sha256);
    };
  }

  private static Revision later(Revision a, Revision b) {
    int order = Timestamps.compare(a.code.getImageTime(), b.code.getImageTime());
    if (order != 0) {
      return order > 0 ? a : b;
    }
    return IdOrder.COMPARATOR.compare(a.id, b.id) > 0 ? a : b;
  }
}
