package dev.mekiki.index.expiry;

import dev.mekiki.index.expiry.EndTimes.End;
import dev.mekiki.schemas.image.Retention;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes the images of one partition that have ended, as a delete does. Their ends stand in a
/// store in the order of time, beside the images and committed with them, so that what is due is
/// found without reading the others, after a restart and a restore, too.
///
/// An end in the store is only a hint: before an image is removed, it is asked when it ends now.
///
/// The store also says which retention its ends were computed with. Where another one is
/// configured, all images are walked through and their ends computed anew, beside the stream of
/// records.
///
/// Every 5 s the sweep removes what is due. It holds the stream thread up for some milliseconds at
/// most; where more is due, or ends are computed anew, it goes on after 20 ms.
///
/// Owned by one stream thread.
///
/// @param <I> what is known of an image
public final class Expiry<I> {
  /// Name of the store beside the images of placement.
  public static final String IMAGES_STORE = "image-ends";

  /// Name of the store beside landmarks.
  public static final String LANDMARKS_STORE = "landmark-ends";

  static final Duration INTERVAL = Duration.ofSeconds(5);
  static final Duration SOON = Duration.ofMillis(20);

  private static final Logger log = LoggerFactory.getLogger(Expiry.class);

  /// Most ends, and most images walked through, in one run.
  private static final int BATCH = 500;

  private static final long RUN_NANOS = Duration.ofMillis(5).toNanos();

  private final EndTimes ends;
  private final ExpiringImages<I> images;
  private final Retention retention;
  private final InstantSource clock;
  private final Counter expired;
  private final int batch;
  private boolean checked;
  private @Nullable Rebuild rebuild;
  private @Nullable Cancellable schedule;
  private @Nullable Duration pace;

  /// Computing all ends anew.
  private static final class Rebuild {
    /// What ends were computed with before; null where that is not known.
    private final @Nullable Retention before;

    /// The last image walked through.
    private @Nullable String last;

    private long images;

    Rebuild(@Nullable Retention before) {
      this.before = before;
    }
  }

  /// @param store of the ends, as of the last commit
  /// @param images of the partition
  /// @param retention as it is configured
  /// @param clock says what has ended
  /// @param expired counts images that were removed
  public Expiry(
      KeyValueStore<Bytes, byte[]> store,
      ExpiringImages<I> images,
      Retention retention,
      InstantSource clock,
      Counter expired) {
    this(store, images, retention, clock, expired, BATCH);
  }

  /// @param batch most ends, and most images walked through, in one run
  Expiry(
      KeyValueStore<Bytes, byte[]> store,
      ExpiringImages<I> images,
      Retention retention,
      InstantSource clock,
      Counter expired,
      int batch) {
    this.ends = new EndTimes(store);
    this.images = images;
    this.retention = retention;
    this.clock = clock;
    this.expired = expired;
    this.batch = batch;
  }

  /// Starts to sweep. Called by the processor's `init`.
  public void start(ProcessorContext<?, ?> context) {
    // What ended while no instance ran is removed at once.
    sweepAfter(SOON, context);
  }

  private void sweepAfter(Duration interval, ProcessorContext<?, ?> context) {
    if (interval.equals(pace)) {
      return;
    }
    if (schedule != null) {
      schedule.cancel();
    }
    pace = interval;
    schedule =
        context.schedule(
            interval,
            PunctuationType.WALL_CLOCK_TIME,
            _ -> sweepAfter(sweep() ? SOON : INTERVAL, context));
  }

  /// True if an image has ended, whether it was removed or not.
  public boolean hasEnded(I image) {
    return images.end(image, retention) <= clock.millis();
  }

  /// Notes that an image was stored, replaced or removed.
  ///
  /// @param before what was known of it; null where it was not there
  /// @param after what is known from now on; null where it was removed
  public void changed(String id, @Nullable I before, @Nullable I after) {
    check();
    long was = before == null ? Retention.NEVER : images.end(before, retention);
    long is = after == null ? Retention.NEVER : images.end(after, retention);
    if (was != is) {
      ends.remove(was, id);
      ends.add(is, id);
    }
    if (rebuild != null && before != null) {
      removeOlderEnd(rebuild, id, before, is);
    }
  }

  /// Removes what is due, and computes ends anew if need be.
  ///
  /// @return whether there is more to do
  boolean sweep() {
    check();
    long deadline = System.nanoTime() + RUN_NANOS;
    boolean more = removeDue(deadline);
    Rebuild running = rebuild;
    if (running != null) {
      walk(running, deadline);
      // Also after the last one: an end that was added may be due.
      more = true;
    }
    return more;
  }

  private boolean removeDue(long deadline) {
    long now = clock.millis();
    List<End> due = ends.due(now, batch);
    for (int i = 0; i < due.size(); i++) {
      End end = due.get(i);
      @Nullable I image = images.get(end.id());
      if (image != null && images.end(image, retention) <= now) {
        images.remove(end.id(), image);
        expired.increment();
      }
      ends.remove(end.millis(), end.id());
      if (i + 1 < due.size() && System.nanoTime() - deadline >= 0) {
        ends.again(due.get(i + 1));
        return true;
      }
    }
    return due.size() == batch;
  }

  /// Looks once whether the ends were computed with this retention.
  private void check() {
    if (checked) {
      return;
    }
    checked = true;
    Retention built = ends.builtWith();
    if (!retention.equals(built)) {
      // Until all are computed anew nobody may rely on either.
      ends.builtWith(null);
      rebuild = new Rebuild(built);
    }
  }

  private void walk(Rebuild running, long deadline) {
    int[] seen = {0};
    boolean done =
        images.walk(
            running.last,
            (id, image) -> {
              computeAnew(running, id, image);
              running.last = id;
              running.images++;
              seen[0]++;
              return seen[0] < batch && System.nanoTime() - deadline < 0;
            });
    if (done) {
      ends.builtWith(retention);
      rebuild = null;
      if (running.images > 0) {
        log.info(
            "Ends of images computed anew images={} retention={} before={}",
            running.images,
            retention,
            running.before == null ? "unknown" : running.before);
      }
    }
  }

  private void computeAnew(Rebuild running, String id, I image) {
    long end = images.end(image, retention);
    removeOlderEnd(running, id, image, end);
    if (!ends.has(end, id)) {
      ends.add(end, id);
    }
    if (retention.isLimited() && (running.before == null || !running.before.isLimited())) {
      images.retained(id, image);
    }
  }

  private void removeOlderEnd(Rebuild running, String id, I image, long end) {
    if (running.before != null) {
      long older = images.end(image, running.before);
      if (older != end) {
        ends.remove(older, id);
      }
    }
  }
}
