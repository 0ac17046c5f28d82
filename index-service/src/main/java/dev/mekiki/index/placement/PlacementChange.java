package dev.mekiki.index.placement;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one code changes about what is known of its image.
sealed interface PlacementChange {
  /// New bytes: a new revision.
  ///
  /// @param image what is known from now on
  /// @param left the home of the older revision where that is another one, else null
  record NewRevision(PlacedImage image, @Nullable Integer left) implements PlacementChange {}

  /// The same bytes with other metadata to filter by: the same revision in the same home.
  ///
  /// @param image what is known from now on
  record NewMetadata(PlacedImage image) implements PlacementChange {}

  /// The same bytes with other metadata that no search filters by, which its home does not keep.
  ///
  /// @param image what is known from now on
  record NewDetails(PlacedImage image) implements PlacementChange {}

  /// The same bytes and metadata, but the thumbnail was written anew. Its older record is now
  /// subject to compaction, so the newer one must be known.
  ///
  /// @param image what is known from now on
  record NewThumbnail(PlacedImage image) implements PlacementChange {}

  /// The same bytes and metadata: nothing to do.
  record Unchanged() implements PlacementChange {}

  /// Older than what is known, by its source coordinate: the encoder reads its input again.
  ///
  /// @param known what is known of the image
  record Stale(ImageCode known) implements PlacementChange {}

  /// What a code changes.
  ///
  /// Equal bytes are recognised by their SHA-256, never by codes: inference is not bit-stable, so
  /// the same image encoded again may get another code. The first one is kept.
  ///
  /// @param stored what is known, null for an unknown image
  /// @param filterable which metadata goes to the home partition
  /// @param inEvents which metadata goes there for events
  static PlacementChange of(
      @Nullable PlacedImage stored,
      ImageCode code,
      GenerationGeometry geometry,
      FilterableKeys filterable,
      MetadataKeys inEvents) {
    if (stored == null) {
      return new NewRevision(place(code, geometry, filterable), null);
    }
    if (isStale(code, stored.getCode())) {
      return new Stale(stored.getCode());
    }
    ImageCode known = stored.getCode();
    // Another tenant's image of the same bytes has matches of its own.
    if (known.getSha256().equals(code.getSha256())
        && known.getTenant().equals(code.getTenant())
        && known.getNetwork().equals(code.getNetwork())) {
      Map<String, String> kept = filterable.in(code.getMetadataMap());
      // Compared with what the home partition holds, not with all metadata: the keys may have
      // changed since.
      if (!kept.equals(stored.getFilterableMetadataMap())
          || !inEvents.in(code.getMetadataMap()).equals(inEvents.in(known.getMetadataMap()))) {
        return new NewMetadata(withMetadata(stored, code, kept));
      }
      if (!known.getMetadataMap().equals(code.getMetadataMap())
          || !known.getContentType().equals(code.getContentType())) {
        return new NewDetails(withMetadata(stored, code, kept));
      }
      return sameThumbnail(known, code)
          ? new Unchanged()
          : new NewThumbnail(withMetadata(stored, code, kept));
    }
    PlacedImage image = place(code, geometry, filterable);
    boolean moved = image.getHomePartition() != stored.getHomePartition();
    return new NewRevision(image, moved ? stored.getHomePartition() : null);
  }

  /// The payload for the home of an image.
  static Placement placement(PlacedImage image, MetadataKeys inEvents, long placedMillis) {
    ImageCode code = image.getCode();
    return Placement.newBuilder()
        .setRevision(image.getRevision())
        .setHashCode(code.getHashCode())
        .setCenter(image.getCenter())
        .setShell(image.getShell())
        .setHomePartition(image.getHomePartition())
        .setFingerprint(code.getFingerprint())
        .setFingerprintQuality(code.getFingerprintQuality())
        .setSha256(code.getSha256())
        .putAllFilterableMetadata(image.getFilterableMetadataMap())
        .putAllEventMetadata(inEvents.in(code.getMetadataMap()))
        .setMute(code.getMute())
        .setTenant(code.getTenant())
        .setImageSource(code.getImageSource())
        .setImageTime(code.getImageTime())
        .setEncodedTime(code.getEncodedTime())
        .setPlacedTime(Timestamps.fromMillis(placedMillis))
        .build();
  }

  private static PlacedImage place(
      ImageCode code, GenerationGeometry geometry, FilterableKeys filterable) {
    Home home = geometry.routing().home(HashCode.fromBytes(code.getHashCode().toByteArray()));
    return PlacedImage.newBuilder()
        .setCode(code)
        .setRevision(code.getSource())
        .setCenter(home.center())
        .setShell(home.shell())
        .setHomePartition(home.partition())
        .putAllFilterableMetadata(filterable.in(code.getMetadataMap()))
        .build();
  }

  /// Times and mute stay those of the revision, since a match event speaks of it.
  private static PlacedImage withMetadata(
      PlacedImage stored, ImageCode code, Map<String, String> kept) {
    ImageCode.Builder known =
        stored.getCode().toBuilder()
            .setSource(code.getSource())
            .setImagesTopicId(code.getImagesTopicId())
            .clearMetadata()
            .putAllMetadata(code.getMetadataMap())
            .setContentType(code.getContentType())
            .clearThumbnailAt();
    if (code.hasThumbnailAt()) {
      known.setThumbnailAt(code.getThumbnailAt());
    }
    return stored.toBuilder()
        .setCode(known)
        .clearFilterableMetadata()
        .putAllFilterableMetadata(kept)
        .build();
  }

  private static boolean sameThumbnail(ImageCode known, ImageCode code) {
    return known.hasThumbnailAt() == code.hasThumbnailAt()
        && known.getThumbnailAt().equals(code.getThumbnailAt());
  }

  /// True where a code is older than the stored one, so that the encoder reads its input again.
  static boolean isStale(ImageCode code, ImageCode stored) {
    return precedes(code.getSource(), stored.getSource()) && !isFromRecreatedTopic(code, stored);
  }

  /// True where a code has a lower offset than the stored one but comes from a topic of the same
  /// name that was created later: what stands there is newer.
  ///
  /// Kafka's id of the topic decides. Codes of earlier versions lack it: of those a later image
  /// counts. An encoder that reads its input again sees the same records, with the same times;
  /// where producers set times out of order, an older code may pass for a newer one, until the
  /// encoder comes to the newer one too.
  static boolean isFromRecreatedTopic(ImageCode code, ImageCode stored) {
    if (!precedes(code.getSource(), stored.getSource())) {
      return false;
    }
    if (code.getImagesTopicId().isEmpty() || stored.getImagesTopicId().isEmpty()) {
      return Timestamps.compare(code.getImageTime(), stored.getImageTime()) > 0;
    }
    return !code.getImagesTopicId().equals(stored.getImagesTopicId());
  }

  private static boolean precedes(SourceCoordinate a, SourceCoordinate b) {
    return a.getTopic().equals(b.getTopic())
        && a.getPartition() == b.getPartition()
        && a.getOffset() < b.getOffset();
  }
}
