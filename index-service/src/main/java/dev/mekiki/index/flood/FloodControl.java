package dev.mekiki.index.flood;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.schemas.v1.Quarantine;
import dev.mekiki.schemas.v1.Quarantine.State;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The quarantines of one partition: of images, or of landmarks.
///
/// Matches are counted by fingerprint. One that matches more often than the limit within a window
/// goes into quarantine with all fingerprints within the radius: arrivals and probes of such images
/// are not looked up, and they make no events. An event says so within a second or so, then one
/// each window. A quarantine ends after a window with few new images.
///
/// What is in quarantine is not stored: where a partition moves, its new owner emits up to the
/// limit again. Owned by one stream thread; {@link #size} and {@link #current} may be read by any.
public final class FloodControl {
  /// Beyond, a flood of that many different pictures is left to the cap on events.
  static final int MAX_QUARANTINES = 1000;

  static final int MAX_EXAMPLES = 5;

  private final FloodSettings settings;
  private final boolean tenantsShared;
  private final String generation;
  private final int partition;
  private final boolean copies;
  private final MatchCounts counts;
  private final List<Entry> quarantines = new ArrayList<>();
  private final List<Quarantine> due = new ArrayList<>();
  private volatile int size;
  private volatile List<Quarantine> current = List.of();

  /// @param tenantsShared whether images of different tenants may match
  /// @param partition of images, or of landmarks
  /// @param copies whether it is one of landmarks
  public FloodControl(
      FloodSettings settings,
      boolean tenantsShared,
      String generation,
      int partition,
      boolean copies) {
    this.settings = settings;
    this.tenantsShared = tenantsShared;
    this.generation = generation;
    this.partition = partition;
    this.copies = copies;
    counts = new MatchCounts(settings.window().toMillis());
  }

  private static final class Entry {
    private final MatchCounts.Key key;
    private final long since;
    private final Deque<String> examples = new ArrayDeque<>();
    private long images;
    private long newImages;
    private long summarized;

    Entry(MatchCounts.Key key, long since) {
      this.key = key;
      this.since = since;
      summarized = since;
    }
  }

  /// Whether an image makes no events now.
  public boolean isQuarantined(PlacedRevision image) {
    return !quarantines.isEmpty() && find(image) != null;
  }

  /// Whether an arrival, or a probe, is not to be looked up. Counts it if so.
  ///
  /// @param isArrival whether it is an image of this partition
  public boolean holdsBack(PlacedRevision image, boolean isArrival) {
    if (quarantines.isEmpty()) {
      return false;
    }
    Entry entry = find(image);
    if (entry == null) {
      return false;
    }
    if (isArrival) {
      entry.images++;
      entry.newImages++;
      addExample(entry, image.id());
    }
    return true;
  }

  /// Counts matches of an image; begins a quarantine if there are too many.
  ///
  /// @param matches at least 1
  public void matched(PlacedRevision image, long matches, long nowMillis) {
    if (!settings.isOn() || quarantines.size() >= MAX_QUARANTINES) {
      return;
    }
    MatchCounts.Key key = key(image);
    if (counts.add(key, matches, nowMillis) <= settings.limit() || find(image) != null) {
      return;
    }
    counts.forget(key);
    Entry entry = new Entry(key, nowMillis);
    addExample(entry, image.id());
    quarantines.add(entry);
    due.add(event(entry, State.BEGAN, nowMillis));
    publish(nowMillis);
  }

  /// The events that are due, and ends quarantines. To be called every second or so.
  public List<Quarantine> due(long nowMillis) {
    if (quarantines.isEmpty() && due.isEmpty()) {
      return List.of();
    }
    for (Iterator<Entry> entries = quarantines.iterator(); entries.hasNext(); ) {
      Entry entry = entries.next();
      if (nowMillis - entry.summarized < settings.window().toMillis()) {
        continue;
      }
      boolean stays = entry.newImages >= settings.arrivalsToStay();
      due.add(event(entry, stays ? State.CONTINUES : State.ENDED, nowMillis));
      entry.summarized = nowMillis;
      entry.newImages = 0;
      if (!stays) {
        entries.remove();
      }
    }
    publish(nowMillis);
    List<Quarantine> events = List.copyOf(due);
    due.clear();
    return events;
  }

  private void publish(long nowMillis) {
    size = quarantines.size();
    current = quarantines.stream().map(entry -> event(entry, State.CONTINUES, nowMillis)).toList();
  }

  /// What is in quarantine, as of the last second or so. Any thread may ask.
  public List<Quarantine> current() {
    return current;
  }

  /// Number of quarantines now.
  public int size() {
    return size;
  }

  private @Nullable Entry find(PlacedRevision image) {
    MatchCounts.Key key = key(image);
    for (Entry entry : quarantines) {
      boolean sameOwner = tenantsShared || image.origin().tenant().equals(entry.key.tenant());
      // A picture without features has no fingerprint to speak of: only its very own counts.
      int radius = image.fingerprint().isFeatureless() ? 0 : settings.radius();
      if (sameOwner && entry.key.fingerprint().distance(key.fingerprint()) <= radius) {
        return entry;
      }
    }
    return null;
  }

  private MatchCounts.Key key(PlacedRevision image) {
    return new MatchCounts.Key(
        image.fingerprint().code(), tenantsShared ? null : image.origin().tenant());
  }

  private static void addExample(Entry entry, String id) {
    if (entry.examples.size() == MAX_EXAMPLES) {
      entry.examples.removeFirst();
    }
    entry.examples.addLast(id);
  }

  private Quarantine event(Entry entry, State state, long nowMillis) {
    String fingerprint = entry.key.fingerprint().toHex();
    Quarantine.Builder event =
        Quarantine.newBuilder()
            .setEventId(id(fingerprint, entry, nowMillis))
            .setState(state)
            .setFingerprint(fingerprint)
            .setRadius(settings.radius())
            .setSince(Timestamps.fromMillis(entry.since))
            .setEventTime(Timestamps.fromMillis(nowMillis))
            .setImages(entry.images)
            .setNewImages(entry.newImages)
            .addAllExamples(entry.examples)
            .setExplanation(explanation(state, fingerprint, entry))
            .setPartition(partition)
            .setGeneration(generation)
            .setCopies(copies);
    String tenant = entry.key.tenant();
    if (tenant != null) {
      event.setTenant(tenant);
    }
    return event.build();
  }

  private String id(String fingerprint, Entry entry, long nowMillis) {
    String text =
        generation
            + (copies ? "/copies/" : "/")
            + partition
            + '/'
            + fingerprint
            + '/'
            + entry.since
            + '/'
            + nowMillis;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private String explanation(State state, String fingerprint, Entry entry) {
    String mute =
        "to mute it for good: mekiki mute add --fingerprint %s --radius %d --reason flood"
            .formatted(fingerprint, settings.radius());
    return switch (state) {
      case BEGAN ->
          "a picture has matched more than %d times within %d s; it makes no events for now; %s"
              .formatted(settings.limit(), settings.window().toSeconds(), mute);
      case ENDED ->
          "a picture makes events again: %d images of it made none since %s"
              .formatted(entry.images, Instant.ofEpochMilli(entry.since));
      default ->
          "%d more images of a picture made no events, %d since %s; %s"
              .formatted(entry.newImages, entry.images, Instant.ofEpochMilli(entry.since), mute);
    };
  }
}
