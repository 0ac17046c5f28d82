package dev.mekiki.index.placement;

import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.placement.PlacementChange.NewDetails;
import dev.mekiki.index.placement.PlacementChange.NewMetadata;
import dev.mekiki.index.placement.PlacementChange.NewRevision;
import dev.mekiki.index.placement.PlacementChange.Stale;
import dev.mekiki.index.placement.PlacementChange.Unchanged;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the placements of each image up to date with its codes.
///
/// Owned by one stream thread. Records leave with the present time, not the image's: the broker
/// counts compaction lag from it.
public final class PlacementProcessor
    implements Processor<String, ImageCode, String, RoutedPlacement> {
  /// Name of the store of {@link PlacedImage} by image id.
  public static final String STORE = "placed-images";

  private static final Logger log = LoggerFactory.getLogger(PlacementProcessor.class);

  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final InstantSource clock;
  private final PlacementMetrics metrics;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(
      ProcessorContext<String, RoutedPlacement> context,
      KeyValueStore<String, PlacedImage> placedImages) {}

  public PlacementProcessor(
      GenerationGeometry geometry,
      FilterableKeys filterable,
      InstantSource clock,
      PlacementMetrics metrics) {
    this.geometry = geometry;
    this.filterable = filterable;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<String, RoutedPlacement> context) {
    attachment = new Attachment(context, context.getStateStore(STORE));
  }

  @Override
  public void process(Record<String, ImageCode> record) {
    Attachment attached = attachment;
    if (attached == null) {
      throw new IllegalStateException("process before init");
    }
    String id = record.key();
    @Nullable ImageCode code = record.value();
    if (code == null) {
      remove(attached, id);
      return;
    }
    Optional<String> defect = CodeDefects.of(code, geometry);
    if (defect.isPresent()) {
      metrics.rejected.increment();
      log.error(
          "code left out: it was not written for this generation. id={} at={} defect={}",
          id,
          coordinate(attached.context()),
          defect.get());
      return;
    }
    PlacementChange change =
        PlacementChange.of(attached.placedImages().get(id), code, geometry, filterable);
    switch (change) {
      case NewRevision(PlacedImage image, Set<Integer> left) -> {
        metrics.placed.increment();
        attached.placedImages().put(id, image);
        upsert(attached, id, image);
        tombstone(attached, id, left);
      }
      case NewMetadata(PlacedImage image) -> {
        metrics.metadata.increment();
        attached.placedImages().put(id, image);
        upsert(attached, id, image);
      }
      case NewDetails(PlacedImage image) -> {
        metrics.metadata.increment();
        attached.placedImages().put(id, image);
      }
      case Unchanged() -> metrics.unchanged.increment();
      case Stale() -> metrics.stale.increment();
    }
  }

  private void remove(Attachment attached, String id) {
    @Nullable PlacedImage stored = attached.placedImages().delete(id);
    if (stored == null) {
      metrics.unknown.increment();
      return;
    }
    metrics.deleted.increment();
    tombstone(attached, id, Set.copyOf(stored.getPartitionsList()));
  }

  private void upsert(Attachment attached, String id, PlacedImage image) {
    long now = clock.millis();
    Placement placement = PlacementChange.placement(image, now);
    send(attached, id, new RoutedPlacement(placement, Set.copyOf(image.getPartitionsList())), now);
    metrics.upserts.increment(image.getPartitionsCount());
  }

  private void tombstone(Attachment attached, String id, Set<Integer> partitions) {
    if (!partitions.isEmpty()) {
      send(attached, id, new RoutedPlacement(null, partitions), clock.millis());
      metrics.tombstones.increment(partitions.size());
    }
  }

  private static void send(Attachment attached, String id, RoutedPlacement routed, long now) {
    attached.context().forward(new Record<>(id, routed, now));
  }

  private static String coordinate(ProcessorContext<?, ?> context) {
    return context
        .recordMetadata()
        .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
        .orElse("unknown");
  }
}
