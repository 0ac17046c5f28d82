package dev.mekiki.index.placement;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.routing.Home;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.image.Retention;
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

  /// The same bytes and metadata, but the image ends at another time, which its home must know: the
  /// same revision in the same home.
  ///
  /// @param image what is known from now on
  record NewEnd(PlacedImage image) implements PlacementChange {}

  /// The same bytes and metadata, but the thumbnail was written anew. Its older record is now
  /// subject to compaction, so the newer one must be known. Nor may it be forgotten when the image
  /// was sent last, since a retention counts from then.
  ///
  /// @param image what is known from now on
  record SentAgain(PlacedImage image) implements PlacementChange {}

  /// The same bytes and metadata: nothing to do.
  record Unchanged() implements PlacementChange {}

  /// What a code changes that is not older than what is known.
  ///
  /// Equal bytes are recognised by their SHA-256, never by codes: inference is not bit-stable, so
  /// the same image encoded again may get another code. The first one is kept.
  ///
  /// @param stored what is known, null for an unknown image
  /// @param filterable which metadata goes to the home partition
  /// @param inEvents which metadata goes there for events
  /// @param retention of images
  static PlacementChange of(
      String id,
      @Nullable PlacedImage stored,
      ImageCode code,
      GenerationGeometry geometry,
      FilterableKeys filterable,
      MetadataKeys inEvents,
      Retention retention) {
    if (stored == null) {
      return new NewRevision(place(id, code, geometry, filterable), null);
    }
    ImageCode known = stored.getCode();
    // Another tenant's image of the same bytes has matches of its own.
    if (known.getSha256().equals(code.getSha256())
        && known.getTenant().equals(code.getTenant())
        && known.getNetwork().equals(code.getNetwork())) {
      return sentAgain(stored, code, filterable, inEvents, retention);
    }
    PlacedImage image = place(id, code, geometry, filterable);
    boolean moved = image.getHomePartition() != stored.getHomePartition();
    return new NewRevision(image, moved ? stored.getHomePartition() : null);
  }

  private static PlacementChange sentAgain(
      PlacedImage stored,
      ImageCode code,
      FilterableKeys filterable,
      MetadataKeys inEvents,
      Retention retention) {
    ImageCode known = stored.getCode();
    Map<String, String> kept = filterable.in(code.getMetadataMap());
    PlacedImage image = withMetadata(stored, code, kept);
    boolean newDetails =
        !known.getMetadataMap().equals(code.getMetadataMap())
            || !known.getContentType().equals(code.getContentType());
    boolean newInEvents =
        !inEvents.in(code.getMetadataMap()).equals(inEvents.in(known.getMetadataMap()));
    boolean newEnd = retention.end(stored) != retention.end(image);
    // Compared with what the home partition holds, not with all metadata: the keys may have
    // changed since.
    if (!kept.equals(stored.getFilterableMetadataMap()) || newInEvents || (newDetails && newEnd)) {
      return new NewMetadata(image);
    }
    if (newDetails) {
      return new NewDetails(image);
    }
    if (newEnd) {
      return new NewEnd(image);
    }
    boolean sameTime =
        stored.hasRenewedTime() == image.hasRenewedTime()
            && stored.getRenewedTime().equals(image.getRenewedTime());
    return sameTime && sameThumbnail(known, code) ? new Unchanged() : new SentAgain(image);
  }

  /// The payload for the home of an image.
  ///
  /// @param era of its revision
  static Placement placement(PlacedImage image, MetadataKeys inEvents, Era era, long placedMillis) {
    ImageCode code = image.getCode();
    Placement.Builder placement =
        Placement.newBuilder()
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
            .setEra(era.number())
            .setSilent(era.silent());
    if (code.hasExpireTime()) {
      placement.setExpireTime(code.getExpireTime());
    }
    if (image.hasRenewedTime()) {
      placement.setRenewedTime(image.getRenewedTime());
    }
    return placement.build();
  }

  private static PlacedImage place(
      String id, ImageCode code, GenerationGeometry geometry, FilterableKeys filterable) {
    Home home = geometry.home(HashCode.fromBytes(code.getHashCode().toByteArray()), id);
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
            .clearThumbnailAt()
            .clearExpireTime();
    if (code.hasThumbnailAt()) {
      known.setThumbnailAt(code.getThumbnailAt());
    }
    if (code.hasExpireTime()) {
      known.setExpireTime(code.getExpireTime());
    }
    PlacedImage.Builder image =
        stored.toBuilder()
            .setCode(known)
            .clearFilterableMetadata()
            .putAllFilterableMetadata(kept)
            .clearRenewedTime();
    if (!code.getImageTime().equals(stored.getCode().getImageTime())) {
      image.setRenewedTime(code.getImageTime());
    }
    return image.build();
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
