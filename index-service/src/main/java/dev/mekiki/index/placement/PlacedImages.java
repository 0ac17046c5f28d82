package dev.mekiki.index.placement;

import dev.mekiki.index.expiry.ExpiringImages;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.PlacedImage;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The images of one task of placement, as their expiry sees them.
///
/// @param store of the images
/// @param home reports to homes what becomes of their images
record PlacedImages(KeyValueStore<String, PlacedImage> store, Home home)
    implements ExpiringImages<PlacedImage> {
  /// Reports to the homes of images what becomes of them.
  interface Home {
    /// The image is there, as it is.
    void upsert(String id, PlacedImage image);

    /// The image has left.
    void tombstone(String id, PlacedImage image);
  }

  @Override
  public @Nullable PlacedImage get(String id) {
    return store.get(id);
  }

  @Override
  public long end(PlacedImage image, Retention retention) {
    return retention.end(image);
  }

  @Override
  public void remove(String id, PlacedImage image) {
    store.put(id, null);
    home.tombstone(id, image);
  }

  /// An image that was sent again while no retention was configured has sent its home nothing of
  /// that.
  @Override
  public void retained(String id, PlacedImage image) {
    if (image.hasRenewedTime()) {
      home.upsert(id, image);
    }
  }

  @Override
  public boolean walk(@Nullable String after, Visitor<PlacedImage> visitor) {
    try (KeyValueIterator<String, PlacedImage> images = store.range(after, null)) {
      while (images.hasNext()) {
        KeyValue<String, PlacedImage> next = images.next();
        if (!next.key.equals(after) && !visitor.visit(next.key, next.value)) {
          return false;
        }
      }
    }
    return true;
  }
}
