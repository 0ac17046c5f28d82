package dev.mekiki.index.history;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.DeletedImage;
import dev.mekiki.schemas.v1.EarlierRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Recognises records of `images` that are sent again, for the images of one partition.
///
/// A record is sent again if an earlier record of its id had the same bytes, or was a delete like
/// it, and the same timestamp, and the last record has a later one. A new record that brings
/// earlier bytes back has a time of its own.
///
/// **Why the last record decides.** In a replay of records whose times rise, all but the last are
/// known and older than it, so they are ignored; the last changes nothing. Where times do not rise,
/// as with two records of one millisecond, a known record is taken for new. From then on nothing
/// before it is known, so whatever follows it is taken for new, too, and the last of all stands.
///
/// The records of an image that is there are kept with it. Of one that was deleted they stand in a
/// store, for as long as the retention of images; forever, as on `images`, if there is none.
///
/// Owned by one stream thread.
public final class ImageHistory {
  /// Name of the store of {@link DeletedImage} beside the images of placement.
  public static final String IMAGES_STORE = "deleted-images";

  /// Name of the store beside landmarks.
  public static final String LANDMARKS_STORE = "deleted-landmarks";

  /// The earliest records of an image beyond are forgotten.
  static final int MAX_EARLIER = 100;

  static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

  /// Most deleted images looked at in one sweep.
  private static final int SWEEP_BATCH = 500;

  /// As topics keep records for a day longer than images.
  private static final Duration BEYOND_RETENTION = Duration.ofDays(1);

  private static final int CONTENT_BYTES = 8;
  private static final ByteString DELETE = ByteString.EMPTY;

  private final KeyValueStore<String, DeletedImage> deleted;
  private final Retention retention;
  private final InstantSource clock;
  private @Nullable String swept;

  /// @param deleted images by id
  /// @param retention of images
  /// @param clock says which records are too old to come again
  public ImageHistory(
      KeyValueStore<String, DeletedImage> deleted, Retention retention, InstantSource clock) {
    this.deleted = deleted;
    this.retention = retention;
    this.clock = clock;
  }

  /// Starts to forget what is too old. Called by the processor's `init`.
  public void start(ProcessorContext<?, ?> context) {
    if (retention.isLimited()) {
      var _ = context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> sweep());
    }
  }

  /// Whether an image is sent again.
  ///
  /// @param standing the image as it is; null where it is not there
  /// @param sha256 of its bytes
  /// @param time its timestamp
  public boolean isSentAgain(
      String id, @Nullable Standing standing, ByteString sha256, Timestamp time) {
    return isKnown(id, standing, content(sha256), time);
  }

  /// Whether a delete is sent again.
  ///
  /// @param standing the image as it is; null where it is not there
  /// @param time its timestamp; null where that is not known, and it counts as new
  public boolean isDeletedAgain(String id, @Nullable Standing standing, @Nullable Timestamp time) {
    return time != null && isKnown(id, standing, DELETE, time);
  }

  private boolean isKnown(
      String id, @Nullable Standing standing, ByteString content, Timestamp time) {
    if (standing != null) {
      return contains(standing.earlier(), standing.time(), content, time);
    }
    @Nullable DeletedImage known = deleted.get(id);
    return known != null && contains(known.getEarlierRecordsList(), known.getTime(), content, time);
  }

  private static boolean contains(
      List<EarlierRecord> earlier, Timestamp last, ByteString content, Timestamp time) {
    return Timestamps.compare(time, last) < 0 && isAmong(earlier, content, time);
  }

  private static boolean isAmong(List<EarlierRecord> earlier, ByteString content, Timestamp time) {
    for (EarlierRecord record : earlier) {
      if (record.getTime().equals(time) && record.getContent().equals(content)) {
        return true;
      }
    }
    return false;
  }

  /// Notes that an image was placed, or sent with other metadata or at another time.
  ///
  /// @param standing the image as it was; null where it was not there
  /// @param sha256 of its bytes
  /// @param time timestamp of its record
  /// @return the earlier records of the image as it is now
  public List<EarlierRecord> placed(
      String id, @Nullable Standing standing, ByteString sha256, Timestamp time) {
    if (standing != null) {
      boolean same = standing.sha256().equals(sha256) && standing.time().equals(time);
      return same ? standing.earlier() : before(content(sha256), time, earlier(standing));
    }
    @Nullable DeletedImage known = deleted.get(id);
    if (known != null) {
      // Not for every new image: each would write a tombstone.
      deleted.delete(id);
    }
    return known == null ? List.of() : before(content(sha256), time, earlier(known));
  }

  /// Notes that an image was deleted.
  ///
  /// @param standing the image as it was; null where it was not there
  /// @param time of the delete; null where that is not known
  public void deleted(String id, @Nullable Standing standing, @Nullable Timestamp time) {
    if (standing != null) {
      Timestamp at = time == null ? standing.time() : time;
      put(id, at, before(DELETE, at, earlier(standing)));
    } else if (time != null) {
      @Nullable DeletedImage known = deleted.get(id);
      if (known == null) {
        put(id, time, List.of());
      } else if (!known.getTime().equals(time)) {
        put(id, time, before(DELETE, time, earlier(known)));
      }
    }
  }

  /// Notes that an image is gone without a delete: it has expired, or can no longer be read. The
  /// same record may bring it back, those before it do not.
  ///
  /// @param standing the image as it was
  public void gone(String id, Standing standing) {
    if (!standing.earlier().isEmpty()) {
      put(id, standing.time(), standing.earlier());
    }
  }

  private void put(String id, Timestamp time, List<EarlierRecord> earlier) {
    deleted.put(id, DeletedImage.newBuilder().setTime(time).addAllEarlierRecords(earlier).build());
  }

  private static List<EarlierRecord> earlier(Standing standing) {
    return with(standing.earlier(), content(standing.sha256()), standing.time());
  }

  private static List<EarlierRecord> earlier(DeletedImage known) {
    return with(known.getEarlierRecordsList(), DELETE, known.getTime());
  }

  /// What is known before a record: nothing where it is one of those and was taken for new.
  private static List<EarlierRecord> before(
      ByteString content, Timestamp time, List<EarlierRecord> earlier) {
    return isAmong(earlier, content, time) ? List.of() : earlier;
  }

  private static List<EarlierRecord> with(
      List<EarlierRecord> earlier, ByteString content, Timestamp time) {
    List<EarlierRecord> all = new ArrayList<>(earlier);
    all.add(EarlierRecord.newBuilder().setTime(time).setContent(content).build());
    return all.size() > MAX_EARLIER ? all.subList(all.size() - MAX_EARLIER, all.size()) : all;
  }

  private static ByteString content(ByteString sha256) {
    return sha256.substring(0, CONTENT_BYTES);
  }

  /// Forgets some of what `images` has forgotten, too.
  void sweep() {
    long now = clock.millis();
    int seen = 0;
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, DeletedImage> images = deleted.range(swept, null)) {
      swept = null;
      while (images.hasNext()) {
        KeyValue<String, DeletedImage> next = images.next();
        if (++seen > SWEEP_BATCH) {
          swept = next.key;
          break;
        }
        long end = retention.end(Retention.NEVER, Timestamps.toMillis(next.value.getTime()));
        if (end + BEYOND_RETENTION.toMillis() <= now) {
          old.add(next.key);
        }
      }
    }
    old.forEach(deleted::delete);
  }
}
