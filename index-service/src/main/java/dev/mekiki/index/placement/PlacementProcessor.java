package dev.mekiki.index.placement;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.group.PairEnd.Reason;
import dev.mekiki.hashing.match.Era;
import dev.mekiki.index.eras.KnownEras;
import dev.mekiki.index.eras.TaskEras;
import dev.mekiki.index.expiry.Expiry;
import dev.mekiki.index.groups.GroupAnnouncer;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.index.history.Standing;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.placement.PlacementChange.NewDetails;
import dev.mekiki.index.placement.PlacementChange.NewEnd;
import dev.mekiki.index.placement.PlacementChange.NewMetadata;
import dev.mekiki.index.placement.PlacementChange.NewRevision;
import dev.mekiki.index.placement.PlacementChange.SentAgain;
import dev.mekiki.index.placement.PlacementChange.Unchanged;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.streamsinternals.BeforeCommit;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.Revisions;
import dev.mekiki.schemas.image.DeleteTime;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.EarlierRecord;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Keeps the placement of each image up to date with its codes.
///
/// If groups are kept, each revision that comes or goes is announced to their partitions.
///
/// Owned by one stream thread. Records leave with the present time, not the image's: the broker
/// counts compaction lag from it.
public final class PlacementProcessor implements Processor<byte[], byte[], String, Object> {
  /// Name of the store of {@link PlacedImage} by image id.
  public static final String STORE = "placed-images";

  /// Name of the sink of {@link RoutedPlacement}.
  public static final String PLACEMENTS = "code-placements-sink";

  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final MetadataKeys inEvents;
  private final Retention retention;
  private final InstantSource clock;
  private final PlacementMetrics metrics;
  private final LeftOutRecords leftOut;
  private final ActivePlacements active;
  private final TaskEras eras;
  private final @Nullable GroupSettings groups;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(
      ProcessorContext<String, Object> context,
      KeyValueStore<String, PlacedImage> placedImages,
      Expiry<PlacedImage> expiry,
      ImageHistory history,
      @Nullable GroupAnnouncer announcer,
      Runnable withdrawal) {
    /// Stores an image, in place of what was known of it.
    void put(String id, @Nullable PlacedImage before, PlacedImage image) {
      Standing after = Standing.of(image);
      List<EarlierRecord> earlier =
          history.placed(id, standing(before), after.sha256(), after.time());
      placedImages.put(
          id,
          earlier.equals(after.earlier())
              ? image
              : image.toBuilder().clearEarlierRecords().addAllEarlierRecords(earlier).build());
      expiry.changed(id, before, image);
    }

    /// Removes an image that was there.
    void remove(String id, PlacedImage image) {
      placedImages.put(id, null);
      expiry.changed(id, image, null);
    }
  }

  /// @param geometry the generation served
  /// @param filterable which metadata goes into placements
  /// @param inEvents which metadata goes into events
  /// @param retention of images
  /// @param clock stamps placements, and says which images have ended
  /// @param metrics counts what was done
  /// @param leftOut counts defective records
  /// @param active where the store is published while its task is active
  /// @param eras by which generations share pairs out
  /// @param groups how groups are kept; null if they are not
  public PlacementProcessor(
      GenerationGeometry geometry,
      FilterableKeys filterable,
      MetadataKeys inEvents,
      Retention retention,
      InstantSource clock,
      PlacementMetrics metrics,
      LeftOutRecords leftOut,
      ActivePlacements active,
      KnownEras eras,
      @Nullable GroupSettings groups) {
    this.geometry = geometry;
    this.filterable = filterable;
    this.inEvents = inEvents;
    this.retention = retention;
    this.clock = clock;
    this.metrics = metrics;
    this.leftOut = leftOut;
    this.active = active;
    this.eras = new TaskEras(eras);
    this.groups = groups;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    KeyValueStore<String, PlacedImage> store = context.getStateStore(STORE);
    ImageHistory history =
        new ImageHistory(context.getStateStore(ImageHistory.IMAGES_STORE), retention, clock);
    history.start(context);
    int partition = context.taskId().partition();
    eras.opened();
    @Nullable GroupAnnouncer announcer = announcer(context);
    PlacedImages images =
        new PlacedImages(
            store,
            new PlacedImages.Home() {
              @Override
              public void upsert(String id, PlacedImage image) {
                PlacementProcessor.this.upsert(context, id, image);
              }

              @Override
              public void tombstone(String id, PlacedImage image) {
                history.gone(id, Standing.of(image));
                PlacementProcessor.this.tombstone(context, id, image.getHomePartition());
                if (announcer != null) {
                  announcer.removed(id, image, Reason.EXPIRED);
                }
              }
            });
    Expiry<PlacedImage> expiry =
        new Expiry<>(
            context.getStateStore(Expiry.IMAGES_STORE), images, retention, clock, metrics.expired);
    expiry.start(context);
    attachment =
        new Attachment(
            context, store, expiry, history, announcer, active.publish(partition, store::get));
    var _ =
        context.schedule(
            active.renewalInterval(),
            PunctuationType.WALL_CLOCK_TIME,
            _ -> active.renew(partition));
  }

  private @Nullable GroupAnnouncer announcer(ProcessorContext<String, Object> context) {
    if (groups == null) {
      return null;
    }
    GroupAnnouncer announcer =
        new GroupAnnouncer(
            groups,
            record ->
                context.forward(
                    new Record<>(null, record, clock.millis()), GroupAnnouncer.MESSAGES));
    BeforeCommit beforeCommit = context.getStateStore(GroupAnnouncer.OUTBOX_STORE);
    beforeCommit.run(context, announcer::send);
    return announcer;
  }

  @Override
  public void close() {
    Attachment attached = attachment;
    if (attached != null) {
      attached.withdrawal().run();
      attachment = null;
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Attachment attached = attachment;
    if (attached == null) {
      throw new IllegalStateException("process before init");
    }
    eras.look();
    String id;
    @Nullable ImageCode code;
    try {
      if (eras.isMarker(record)) {
        return;
      }
      id = RecordChecks.imageId(record.key());
      byte @Nullable [] value = record.value();
      code = value == null ? null : parse(value, attached.context());
    } catch (DefectiveRecordException e) {
      metrics.rejected.increment();
      leftOut.add(
          LeftOutRecords.Source.IMAGE_CODES, attached.context().recordMetadata().orElse(null), e);
      return;
    }
    if (code == null) {
      remove(attached, id, DeleteTime.in(record.headers()));
    } else {
      place(attached, id, code);
    }
  }

  private void place(Attachment attached, String id, ImageCode code) {
    @Nullable PlacedImage stored = attached.placedImages().get(id);
    if (stored != null && PlacementChange.isFromRecreatedTopic(code, stored.getCode())) {
      metrics.sourceOrder.placedAgain(code, stored.getCode());
    }
    if (stored != null && PlacementChange.isStale(code, stored.getCode())) {
      metrics.sourceOrder.ignored(code, stored.getCode());
      return;
    }
    if (attached
        .history()
        .isSentAgain(id, standing(stored), code.getSha256(), code.getImageTime())) {
      metrics.sentAgain.increment();
      return;
    }
    boolean hasEnded = retention.end(code) <= clock.millis();
    if (hasEnded
        && stored != null
        && isOlder(code, stored)
        && !attached.expiry().hasEnded(stored)) {
      // The record of an image that has ended, sent again after its id was used for another one.
      metrics.ended.increment();
      return;
    }
    if (stored != null && (hasEnded || attached.expiry().hasEnded(stored))) {
      // Whatever comes after an end is a new image, also where the sweep was not there yet.
      metrics.expired.increment();
      attached.history().gone(id, Standing.of(stored));
      remove(attached, id, stored, Reason.EXPIRED);
      stored = null;
    }
    if (hasEnded) {
      metrics.ended.increment();
    } else {
      change(
          attached,
          id,
          stored,
          PlacementChange.of(id, stored, code, geometry, filterable, inEvents, retention));
    }
  }

  private static boolean isOlder(ImageCode code, PlacedImage stored) {
    return Timestamps.compare(code.getImageTime(), Standing.of(stored).time()) < 0;
  }

  private static @Nullable Standing standing(@Nullable PlacedImage image) {
    return image == null ? null : Standing.of(image);
  }

  private void change(
      Attachment attached, String id, @Nullable PlacedImage stored, PlacementChange change) {
    switch (change) {
      case NewRevision(PlacedImage image, var left) -> {
        metrics.placed.increment();
        attached.put(id, stored, image);
        upsert(attached.context(), id, image);
        if (left != null) {
          tombstone(attached.context(), id, left);
        }
        if (attached.announcer() != null) {
          attached.announcer().placed(id, stored, image);
        }
      }
      case NewMetadata(PlacedImage image) -> {
        metrics.metadata.increment();
        attached.put(id, stored, image);
        upsert(attached.context(), id, image);
      }
      case NewDetails(PlacedImage image) -> {
        metrics.metadata.increment();
        attached.put(id, stored, image);
      }
      case NewEnd(PlacedImage image) -> {
        metrics.unchanged.increment();
        attached.put(id, stored, image);
        upsert(attached.context(), id, image);
      }
      case SentAgain(PlacedImage image) -> {
        metrics.unchanged.increment();
        attached.put(id, stored, image);
      }
      case Unchanged() -> metrics.unchanged.increment();
    }
  }

  private void remove(Attachment attached, String id, @Nullable Timestamp time) {
    @Nullable PlacedImage stored = attached.placedImages().get(id);
    if (attached.history().isDeletedAgain(id, standing(stored), time)) {
      metrics.sentAgain.increment();
      return;
    }
    attached.history().deleted(id, standing(stored), time);
    if (stored == null) {
      metrics.unknown.increment();
      return;
    }
    metrics.deleted.increment();
    remove(attached, id, stored, Reason.DELETED);
  }

  private void remove(Attachment attached, String id, PlacedImage stored, Reason reason) {
    attached.remove(id, stored);
    tombstone(attached.context(), id, stored.getHomePartition());
    if (attached.announcer() != null) {
      attached.announcer().removed(id, stored, reason);
    }
  }

  private void upsert(ProcessorContext<String, Object> context, String id, PlacedImage image) {
    long now = clock.millis();
    Era era = eras.of(Revisions.of(image.getRevision()), image.getCode().getImagesTopicId());
    byte[] placement = PlacementChange.placement(image, inEvents, era, now).toByteArray();
    context.forward(
        new Record<>(id, new RoutedPlacement(placement, image.getHomePartition()), now),
        PLACEMENTS);
    metrics.upserts.increment();
  }

  private void tombstone(ProcessorContext<String, Object> context, String id, int partition) {
    context.forward(
        new Record<>(id, RoutedPlacement.removal(partition), clock.millis()), PLACEMENTS);
    metrics.tombstones.increment();
  }

  private ImageCode parse(byte[] value, ProcessorContext<?, ?> context)
      throws DefectiveRecordException {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a code without a coordinate"));
    return ImageCodes.parse(value, geometry, at.partition(), at.offset());
  }
}
